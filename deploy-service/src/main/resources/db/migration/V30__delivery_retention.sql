-- One that was repeated is forgotten after its repetitions.
create index delivery_repeats on delivery (repeats) where repeats is not null;
