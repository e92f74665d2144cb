package dev.slipway.deploy.environment;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Who holds an environment and what runs in it. One row each: taking it is one update that either happens or does not.
@Singleton
public final class Environments {

    /// What happens in an environment; one that nobody has used yet is free and empty.
    public EnvironmentRow find(Handle tx, String application, String name) {
        return tx.createQuery("select * from environment where application = :application and name = :name")
                .bind("application", application)
                .bind("name", name)
                .map((rs, _) -> row(rs))
                .findOne()
                .orElseGet(() -> new EnvironmentRow(application, name, null, null, 0));
    }

    /// Every environment of an application that has been used, by name.
    public List<EnvironmentRow> of(Handle tx, String application) {
        return tx.createQuery("select * from environment where application = :application order by name")
                .bind("application", application)
                .map((rs, _) -> row(rs))
                .list();
    }

    /// Takes a free environment for a release.
    ///
    /// @return the release's number; empty when another release holds the environment
    public OptionalInt take(Handle tx, String application, String name, UUID release) {
        insertIfAbsent(tx, application, name);
        Optional<Integer> number = tx.createQuery("""
                        update environment set running = :release, last_number = last_number + 1
                        where application = :application and name = :name and running is null
                        returning last_number""")
                .bind("application", application)
                .bind("name", name)
                .bind("release", release)
                .mapTo(Integer.class)
                .findOne();
        return number.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /// Gives out the next number in a free environment without holding it.
    ///
    /// @return empty when a release holds the environment
    public OptionalInt number(Handle tx, String application, String name) {
        insertIfAbsent(tx, application, name);
        Optional<Integer> number = tx.createQuery("""
                        update environment set last_number = last_number + 1
                        where application = :application and name = :name and running is null
                        returning last_number""")
                .bind("application", application)
                .bind("name", name)
                .mapTo(Integer.class)
                .findOne();
        return number.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /// Frees what a release held. @return whether it held it
    public boolean free(Handle tx, String application, String name, UUID release) {
        return tx.createUpdate("""
                                update environment set running = null
                                where application = :application and name = :name and running = :release""")
                        .bind("application", application)
                        .bind("name", name)
                        .bind("release", release)
                        .execute()
                == 1;
    }

    /// Makes a release the one that runs in the environment.
    public void makeCurrent(Handle tx, String application, String name, UUID release) {
        tx.createUpdate("update environment set current = :release where application = :application and name = :name")
                .bind("application", application)
                .bind("name", name)
                .bind("release", release)
                .execute();
    }

    private static void insertIfAbsent(Handle tx, String application, String name) {
        tx.createUpdate("""
                        insert into environment (application, name) values (:application, :name)
                        on conflict (application, name) do nothing""").bind("application", application).bind("name", name).execute();
    }

    private static EnvironmentRow row(ResultSet rs) throws SQLException {
        return new EnvironmentRow(
                rs.getString("application"),
                rs.getString("name"),
                rs.getObject("running", UUID.class),
                rs.getObject("current", UUID.class),
                rs.getInt("last_number"));
    }
}
