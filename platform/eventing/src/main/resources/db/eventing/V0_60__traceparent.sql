-- Which trace a row belongs to (W3C traceparent), when somebody traces: it goes on where the row is acted on.
alter table outbox add column traceparent text;
alter table inbox add column traceparent text;
alter table work add column traceparent text;
