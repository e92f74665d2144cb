package dev.slipway.suite;

/// `./slipway` with stand-ins for the four services.
final class StandInSlipway {
    private StandInSlipway() {}

    public static void main(String[] args) {
        System.exit(Slipway.commandLine(options -> options.withPrograms(StandIn.forAllServices()), System.getenv())
                .execute(args));
    }
}
