package dev.slipway.backup.mariadb;

import java.nio.file.Path;

/// An installed pair of a dump program and the one that reads what it writes.
///
/// @param dump `mariadb-dump` or `mysqldump`
/// @param restore `mariadb` or `mysql`
/// @param mariadb whose they are: else MySQL's
/// @param version as they tell it, `10.11.19`
record DumpClient(Path dump, Path restore, boolean mariadb, Release release, String version) {
    /// The two numbers that say what a program knows.
    record Release(int major, int minor) implements Comparable<Release> {
        /// Of a version such as `10.11.19-MariaDB`.
        static Release of(String version) {
            String[] numbers = version.split("[^0-9]+");
            return new Release(Integer.parseInt(numbers[0]), numbers.length > 1 ? Integer.parseInt(numbers[1]) : 0);
        }

        @Override
        public int compareTo(Release other) {
            return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }
}
