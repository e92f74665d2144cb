package dev.slipway.suite.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules of the house, over the classes of all modules.
class HouseRulesTest {
    private static final int PUBLIC_TYPES_OF_A_PLATFORM_MODULE = 15;

    /// The one place that may ask the machine for the time.
    private static final String CLOCK_PRODUCER = "dev.slipway.eventing.StorageBeans";

    private static final Set<Class<?>> HAVE_NOW = Set.of(
            Instant.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class);

    static List<Module> services() {
        return Module.SERVICES;
    }

    static List<Module> platform() {
        return Module.PLATFORM;
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldKeepServicesApart(Module service) {
        String[] others = Module.SERVICES.stream()
                .filter(other -> other != service)
                .map(Module::packages)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(service.packages())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("services talk by events only")
                .allowEmptyShould(true)
                .check(Module.everything());
    }

    @Test
    void shouldKeepServicesOutOfWhatTheyStandOn() {
        noClasses()
                .that(are(inside(Module.EVENTS, Module.PLATFORM)))
                .should()
                .dependOnClassesThat(inside(Module.SERVICES, Module.LAUNCHER))
                .because("events and platform know no service")
                .check(Module.everything());
    }

    @Test
    void shouldKeepTheLauncherAndTestsOutOfServices() {
        noClasses()
                .that(are(inside(Module.SERVICES)))
                .should()
                .dependOnClassesThat(inside(Module.LAUNCHER, List.of(Module.of("dev.slipway.testkit"))))
                .allowEmptyShould(true)
                .check(Module.everything());
    }

    @Test
    void shouldLetTheLauncherAndTheDemoSeeServicesFromOutsideOnly() {
        noClasses()
                .that(are(inside(Module.LAUNCHER)))
                .should()
                .dependOnClassesThat(inside(Module.SERVICES, Module.PLATFORM))
                .because("they are users of the services: REST, events, processes")
                .check(Module.everything());
        noClasses()
                .that()
                .resideInAPackage("dev.slipway.suite..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.slipway.demo..")
                .check(Module.everything());
    }

    /// It reads files and knows nothing else: what it shared with the services, it would share their faults with.
    @Test
    void shouldKeepTheCheckOfChaosApartFromWhatItChecks() {
        noClasses()
                .that()
                .resideInAPackage("dev.slipway.trials.check")
                .should()
                .dependOnClassesThat(describe(
                        "belong to Slipway and not to the check",
                        other -> other.getPackageName().startsWith("dev.slipway.")
                                && !other.getPackageName().equals("dev.slipway.trials.check")))
                .allowEmptyShould(true)
                .check(Module.everything());
    }

    @Test
    void shouldKnowTheTimeByTheClockOnly() {
        noClasses()
                .that(are(inside(Module.SERVICES, Module.EVENTS, Module.PLATFORM)))
                .and()
                .doNotHaveFullyQualifiedName(CLOCK_PRODUCER)
                .should()
                .accessTargetWhere(describe("asks the machine for the time, or sleeps", HouseRulesTest::isHiddenClock))
                .because("time is a dependency: inject java.time.Clock, and let tests turn it")
                .check(Module.everything());
    }

    @Test
    void shouldStillHaveItsClockProducer() {
        assertThat(Module.everything().contain(CLOCK_PRODUCER))
                .as("the exception in the rule names a class that exists")
                .isTrue();
    }

    @Test
    void shouldLogByOneLibrary() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(Module.everything());
    }

    @Test
    void shouldInjectByConstructorOnly() {
        for (String annotation :
                List.of("jakarta.inject.Inject", "org.eclipse.microprofile.config.inject.ConfigProperty")) {
            noFields()
                    .should()
                    .beAnnotatedWith(annotation)
                    .because("what a class needs stands in its constructor")
                    .check(Module.everything());
        }
    }

    @Test
    void shouldNameNoPackageAfterNothing() {
        noClasses()
                .should()
                .resideInAnyPackage("..common..", "..util..", "..core..", "..base..", "..dto..", "..mapper..")
                .check(Module.everything());
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldSplitServicesByFeatureOneLevelDeep(Module service) {
        assertThat(service.classes().stream().map(JavaClass::getPackageName).distinct())
                .allMatch(name -> name.matches(service.name().replace(".", "\\.") + "(\\.[a-z][a-z0-9]*)?"));
    }

    @ParameterizedTest
    @MethodSource("platform")
    void shouldKeepPlatformModulesSmall(Module module) {
        List<String> open = module.classes().stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();

        assertThat(open).hasSizeLessThanOrEqualTo(PUBLIC_TYPES_OF_A_PLATFORM_MODULE);
    }

    @Test
    void shouldBePartOfTheRulesWhenAModuleIsAdded() {
        assertThat(Module.inRootPom()).containsExactlyInAnyOrderElementsOf(Module.folders());
    }

    /// Calls and method references alike.
    private static boolean isHiddenClock(JavaAccess<?> access) {
        if (!(access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target)) {
            return false;
        }
        JavaClass owner = target.getOwner();
        String name = target.getName();
        boolean noParameters = target.getRawParameterTypes().isEmpty();
        // now() and now(ZoneId) look at the machine's clock, now(Clock) at the one it is given.
        boolean takesClock = target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Clock.class));
        if (HAVE_NOW.stream().anyMatch(owner::isEquivalentTo)) {
            return name.equals("now") && !takesClock;
        }
        Map<Class<?>, Set<String>> forbidden = Map.of(
                System.class, Set.of("currentTimeMillis"),
                Thread.class, Set.of("sleep"),
                Clock.class, Set.of("systemUTC", "systemDefaultZone", "system"));
        return forbidden.entrySet().stream()
                        .anyMatch(entry -> owner.isEquivalentTo(entry.getKey())
                                && entry.getValue().contains(name))
                || owner.isEquivalentTo(Date.class) && name.equals("<init>") && noParameters;
    }

    @SafeVarargs
    private static DescribedPredicate<JavaClass> inside(List<Module>... groups) {
        String[] packages = List.of(groups).stream()
                .flatMap(List::stream)
                .map(Module::packages)
                .toArray(String[]::new);
        return resideInAnyPackage(packages);
    }
}
