package dev.slipway.eventing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jdbi.v3.core.Jdbi;

/// A boundary between two writes: just before or just after the commit of one kind of transaction. What a service
/// writes elsewhere (the offset, the record on the topic, the effect outside) lies between two of these.
///
/// | point | written | not yet written |
/// | --- | --- | --- |
/// | STORING | nothing | the event in the inbox |
/// | STORED | the event in the inbox | the offset |
/// | HANDLING | offset | effect, outbox row, due work, done: one commit |
/// | HANDLED | the same | the event on the topic, the claim |
/// | CLAIMED | the claim | the effect outside |
/// | DOING | the effect outside | that it was done |
/// | DONE | that it was done | |
/// | PUBLISHING | the event on the topic | that it was published |
/// | PUBLISHED | that it was published | |
enum CrashPoint {
    STORING(false, "insert into inbox", "pump-consumer"::equals),
    STORED(true, "insert into inbox", "pump-consumer"::equals),
    HANDLING(false, "update inbox", name -> name.startsWith("pump-inbox")),
    HANDLED(true, "update inbox", name -> name.startsWith("pump-inbox")),
    CLAIMED(true, "update work", "pump-work"::equals),
    DOING(false, "delete from work", String::isEmpty),
    DONE(true, "delete from work", String::isEmpty),
    PUBLISHING(false, "update outbox", "pump-relay"::equals),
    PUBLISHED(true, "update outbox", "pump-relay"::equals);

    /// What a process that reached its point exits with.
    static final int STATUS = 86;

    private final boolean afterCommit;
    private final String statement;
    private final Predicate<String> thread;

    CrashPoint(boolean afterCommit, String statement, Predicate<String> thread) {
        this.afterCommit = afterCommit;
        this.statement = statement;
        this.thread = thread;
    }

    /// Connections that halt the process here.
    Jdbi haltAt(String url, String user, String password) {
        return Jdbi.create(() -> halting(DriverManager.getConnection(url, user, password)));
    }

    private Connection halting(Connection real) {
        AtomicBoolean reached = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("prepareStatement") && isMeant((String) arguments[0])) {
                        reached.set(true);
                    }
                    boolean commit = method.getName().equals("commit") && reached.get();
                    if (commit && !afterCommit) {
                        Runtime.getRuntime().halt(STATUS);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (commit) {
                            Runtime.getRuntime().halt(STATUS);
                        }
                    }
                });
    }

    private boolean isMeant(String sql) {
        return sql.strip().startsWith(statement)
                && thread.test(Thread.currentThread().getName());
    }
}
