package dev.slipway.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;

/// A range of addresses of one family: `10.0.0.0/8`, `fd00::/8`; an address alone is a range of one.
final class Network {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final String text;
    private final byte[] prefix;
    private final int bits;

    private Network(String text, byte[] prefix, int bits) {
        this.text = text;
        this.prefix = prefix;
        this.bits = bits;
    }

    /// @throws IllegalArgumentException that names the text when it is no network; host names are none
    static Network of(String text) {
        String[] parts = text.strip().split("/", -1);
        if (parts.length > 2 || !LITERAL.matcher(parts[0]).matches()) {
            throw none(text);
        }
        try {
            // A literal: nobody is asked for it.
            byte[] address = InetAddress.getByName(parts[0]).getAddress();
            int whole = address.length * Byte.SIZE;
            int bits = parts.length == 1 ? whole : Integer.parseInt(parts[1]);
            Network network = new Network(text.strip(), address, bits);
            if (bits < 0 || bits > whole || !network.endsInZeros()) {
                throw none(text);
            }
            return network;
        } catch (UnknownHostException | NumberFormatException _) {
            throw none(text);
        }
    }

    private static IllegalArgumentException none(String text) {
        return new IllegalArgumentException("'%s' is no network such as 10.0.0.0/8 or fd00::/8".formatted(text));
    }

    boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != prefix.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (bit(other, bit) != bit(prefix, bit)) {
                return false;
            }
        }
        return true;
    }

    /// Whether it holds one address only.
    boolean isSingle() {
        return bits == prefix.length * Byte.SIZE;
    }

    private boolean endsInZeros() {
        for (int bit = bits; bit < prefix.length * Byte.SIZE; bit++) {
            if (bit(prefix, bit) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] bytes, int index) {
        return bytes[index / Byte.SIZE] >> Byte.SIZE - 1 - index % Byte.SIZE & 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network && bits == network.bits && Arrays.equals(prefix, network.prefix);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(prefix), bits);
    }

    @Override
    public String toString() {
        return text;
    }
}
