-- The keys that records may be sealed under: noted before a key's first use, forgotten when no record needs it any more. What
-- a start compares the key ring with, so that it need not look at every record.
create table sealing_key (
    id varchar(32) primary key
);
