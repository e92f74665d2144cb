package dev.slipway.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// An issuer of signed tokens with real keys: tells its settings and its keys over HTTP, as OpenID Connect has it.
public final class TestIssuer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<Key> published = new CopyOnWriteArrayList<>();

    /// A key pair under the name that tokens call it by.
    public record Key(String id, String algorithm, KeyPair pair) {}

    private TestIssuer(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answer("/.well-known/openid-configuration", this::settings);
        answer("/keys", this::keys);
        server.start();
    }

    /// @param port 0 for any that is free
    public static TestIssuer start(int port, Key... keys) {
        TestIssuer issuer = new TestIssuer(port);
        issuer.published.addAll(List.of(keys));
        return issuer;
    }

    public static Key rsa(String id) {
        return key(id, "RS256", "RSA");
    }

    public static Key ec(String id) {
        return key(id, "ES256", "EC");
    }

    private static Key key(String id, String algorithm, String family) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
            if (family.equals("RSA")) {
                generator.initialize(2048);
            } else {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            return new Key(id, algorithm, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void publish(Key key) {
        published.add(key);
    }

    /// What a token says that is good for five minutes; to be changed and added to.
    ///
    /// @param issuer its URL
    /// @param person `preferred_username`
    /// @param at when it is issued; services look at the machine's clock
    public static Map<String, Object> claims(String issuer, String person, Instant at) {
        long now = at.getEpochSecond();
        return new HashMap<>(
                Map.of("iss", issuer, "aud", "slipway", "iat", now, "exp", now + 300, "preferred_username", person));
    }

    /// A token as this issuer signs it.
    public static String sign(Key key, Map<String, ?> claims) {
        String content = content(Map.of("alg", key.algorithm(), "kid", key.id(), "typ", "JWT"), claims);
        try {
            Signature signature = Signature.getInstance(
                    key.algorithm().equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(key.pair().getPrivate());
            signature.update(content.getBytes(UTF_8));
            return content + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A token nobody signed.
    public static String unsigned(Map<String, ?> claims) {
        return content(Map.of("alg", "none", "typ", "JWT"), claims) + ".";
    }

    /// A token "signed" with what everybody knows: the public key, taken for a shared secret.
    public static String signedWithThePublicKey(Key key, Map<String, ?> claims) {
        String content = content(Map.of("alg", "HS256", "kid", key.id(), "typ", "JWT"), claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.pair().getPublic().getEncoded(), "HmacSHA256"));
            return content + "." + base64(mac.doFinal(content.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String content(Map<String, ?> header, Map<String, ?> claims) {
        return base64(json(header).getBytes(UTF_8)) + "." + base64(json(claims).getBytes(UTF_8));
    }

    private String settings() {
        return json(Map.of(
                "issuer", url(),
                "jwks_uri", url() + "/keys",
                "token_endpoint", url() + "/token",
                "authorization_endpoint", url() + "/authorize"));
    }

    private String keys() {
        return json(Map.of(
                "keys", new ArrayList<>(published.stream().map(TestIssuer::jwk).toList())));
    }

    private static Map<String, Object> jwk(Key key) {
        Map<String, Object> jwk = new HashMap<>(Map.of("kid", key.id(), "alg", key.algorithm(), "use", "sig"));
        switch (key.pair().getPublic()) {
            case RSAPublicKey rsa -> {
                jwk.put("kty", "RSA");
                jwk.put("n", base64(rsa.getModulus(), 256));
                jwk.put("e", base64(rsa.getPublicExponent(), 3));
            }
            case ECPublicKey ec -> {
                jwk.put("kty", "EC");
                jwk.put("crv", "P-256");
                jwk.put("x", base64(ec.getW().getAffineX(), 32));
                jwk.put("y", base64(ec.getW().getAffineY(), 32));
            }
            default -> throw new IllegalArgumentException(key.id());
        }
        return jwk;
    }

    private static String base64(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] exact = new byte[length];
        int count = Math.min(length, bytes.length);
        System.arraycopy(bytes, bytes.length - count, exact, length - count, count);
        return base64(exact);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String json(Map<String, ?> value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(String path, Supplier<String> body) {
        server.createContext(path, exchange -> {
            byte[] bytes = body.get().getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
