-- Reads by time come in one order (time, id, writer) and begin anywhere in it: the index holds that order.
create index ledger_entry_in_order on ledger_entry (at, id, writer);
drop index ledger_entry_by_time;
