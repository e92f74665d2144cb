package dev.slipway.notify.notice;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.events.EventCodec;
import dev.slipway.notify.audience.ChannelName;
import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.notice.NoticeRules.Tally;
import dev.slipway.notify.wording.Content;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The ledger of messages: table `notice`.
@Singleton
final class Notices {

    /// @return false when there is one to this address for this occasion already
    boolean add(Handle tx, Notice notice) {
        return tx.createUpdate("""
                                insert into notice (id, occasion, situation, application, release, audience, channel,
                                    address, address_hash, address_masked, thread, subject, content, phase, state,
                                    attempts, unconfirmed, deadline, created_at)
                                values (:id, :occasion, :situation, :application, cast(:release as uuid), :audience,
                                    :channel, :address, :hash, :masked, cast(:thread as uuid), :subject, cast(:content as jsonb), :phase,
                                    cast(:state as jsonb), :attempts, :unconfirmed, :deadline, :createdAt)
                                on conflict do nothing""")
                        .bind("id", notice.id())
                        .bind("occasion", notice.occasion())
                        .bind("situation", notice.situation().label())
                        .bind("application", notice.application())
                        .bind("release", notice.release())
                        .bind("audience", notice.recipient().audience())
                        .bind("channel", notice.recipient().channel().label())
                        .bind("address", notice.recipient().address())
                        .bind("hash", notice.recipient().hash())
                        .bind("masked", notice.recipient().masked())
                        .bind("thread", notice.thread())
                        .bind("subject", notice.content().subject())
                        .bind("content", write(notice.content(), Content.class))
                        .bind("phase", notice.state().phase())
                        .bind("state", write(notice.state(), NoticeState.class))
                        .bind("attempts", notice.tally().attempts())
                        .bind("unconfirmed", notice.tally().unconfirmed())
                        .bind("deadline", notice.deadline())
                        .bind("createdAt", notice.createdAt())
                        .execute()
                == 1;
    }

    Optional<Notice> find(Handle tx, UUID id) {
        return tx.createQuery("select * from notice where id = :id")
                .bind("id", id)
                .map((rs, _) -> notice(rs))
                .findOne();
    }

    /// Writes a notice's new state.
    ///
    /// @return the notice with its new version
    /// @throws IllegalStateException when it was changed meanwhile
    Notice update(Handle tx, Notice notice) {
        int updated = tx.createUpdate("""
                        update notice set phase = :phase, state = cast(:state as jsonb), attempts = :attempts,
                            unconfirmed = :unconfirmed, version = version + 1
                        where id = :id and version = :version""")
                .bind("phase", notice.state().phase())
                .bind("state", write(notice.state(), NoticeState.class))
                .bind("attempts", notice.tally().attempts())
                .bind("unconfirmed", notice.tally().unconfirmed())
                .bind("id", notice.id())
                .bind("version", notice.version())
                .execute();
        if (updated != 1) {
            throw new IllegalStateException("notice " + notice.id() + " was changed meanwhile");
        }
        return notice.stored();
    }

    List<Notice> of(Handle tx, UUID occasion) {
        return tx.createQuery("select * from notice where occasion = :occasion order by id")
                .bind("occasion", occasion)
                .map((rs, _) -> notice(rs))
                .list();
    }

    /// The first notice to an address about a release: where its thread begins.
    Optional<UUID> threadOf(Handle tx, @Nullable UUID release, Recipient recipient) {
        if (release == null) {
            return Optional.empty();
        }
        return tx.createQuery("""
                        select coalesce(thread, id) from notice
                        where release = :release and channel = :channel and address_hash = :hash
                        order by created_at, id limit 1""")
                .bind("release", release)
                .bind("channel", recipient.channel().label())
                .bind("hash", recipient.hash())
                .mapTo(UUID.class)
                .findOne();
    }

    /// What a list asks for; absent parts do not narrow it.
    record Filter(
            @Nullable UUID release,
            @Nullable String application,
            @Nullable Situation situation) {}

    /// The newest first.
    Page<Notice> list(Handle tx, Filter filter, PageRequest page) {
        List<Notice> fetched = tx.createQuery("""
                        select * from notice
                        where (cast(:release as uuid) is null or release = cast(:release as uuid))
                          and (cast(:application as text) is null or application = cast(:application as text))
                          and (cast(:situation as text) is null or situation = cast(:situation as text))
                          and (cast(:before as timestamptz) is null or (created_at, id) < (cast(:before as timestamptz), cast(:id as uuid)))
                        order by created_at desc, id desc limit :fetch""")
                .bind("release", filter.release())
                .bind("application", filter.application())
                .bind(
                        "situation",
                        filter.situation() == null ? null : filter.situation().label())
                .bind("before", page.first() ? null : page.after(0, Instant::parse))
                .bind("id", page.first() ? null : page.after(1, UUID::fromString))
                .bind("fetch", page.fetch())
                .map((rs, _) -> notice(rs))
                .list();
        return Page.of(
                fetched,
                page,
                last -> List.of(last.createdAt().toString(), last.id().toString()));
    }

    private static Notice notice(ResultSet rs) throws SQLException {
        Recipient recipient = new Recipient(
                rs.getString("audience"),
                ChannelName.of(rs.getString("channel")),
                rs.getString("address"),
                rs.getString("address_hash"),
                rs.getString("address_masked"));
        return new Notice(
                rs.getObject("id", UUID.class),
                rs.getObject("occasion", UUID.class),
                Situation.of(rs.getString("situation")).orElseThrow(),
                rs.getString("application"),
                rs.getObject("release", UUID.class),
                recipient,
                rs.getObject("thread", UUID.class),
                read(rs.getString("content"), Content.class),
                rs.getTimestamp("created_at").toInstant(),
                rs.getTimestamp("deadline").toInstant(),
                read(rs.getString("state"), NoticeState.class),
                new Tally(rs.getInt("attempts"), rs.getInt("unconfirmed")),
                rs.getLong("version"));
    }

    /// @param type the sealed type, so that the tag is written
    private static <T> String write(T value, Class<T> type) {
        try {
            return EventCodec.json().writerFor(type).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be stored: " + type.getSimpleName(), e);
        }
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return EventCodec.json().readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be read back: " + type.getSimpleName(), e);
        }
    }
}
