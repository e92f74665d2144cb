package dev.slipway.notify.audience;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/// One mailbox (RFC 5321, section 4.1.2, without quoted local parts and address literals).
///
/// @param local what stands before the `@`, as written: its case belongs to the receiving server
/// @param domain in lower case, international names in their ASCII form
public record EmailAddress(String local, String domain) implements Address {
    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST = 254;
    private static final Pattern LOCAL =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final Pattern DOMAIN =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    public EmailAddress {
        if (!LOCAL.matcher(local).matches() || local.length() > LONGEST_LOCAL) {
            throw new IllegalArgumentException("not an e-mail address: the part before the @");
        }
        if (!DOMAIN.matcher(domain).matches() || local.length() + 1 + domain.length() > LONGEST) {
            throw new IllegalArgumentException("not an e-mail address: the part after the @");
        }
    }

    /// @throws IllegalArgumentException when the text is anything but one plain address; the message does not repeat it
    public static EmailAddress parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1) {
            throw new IllegalArgumentException("not an e-mail address: no @ with something before it");
        }
        return new EmailAddress(text.substring(0, at), ascii(text.substring(at + 1)));
    }

    /// `a***@shop.example`.
    @Override
    public String masked() {
        return (local.length() > 1 ? local.substring(0, 1) : "") + "***@" + domain;
    }

    @Override
    public String value() {
        return local + "@" + domain;
    }

    @Override
    public String toString() {
        return masked();
    }

    private static String ascii(String domain) {
        try {
            return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("not an e-mail address: the part after the @");
        }
    }
}
