package dev.slipway.deploy.access;

/// A token with the secret that is shown this once.
record IssuedToken(AccessToken token, String secret) {
    @Override
    public String toString() {
        return "IssuedToken[" + token + "]";
    }
}
