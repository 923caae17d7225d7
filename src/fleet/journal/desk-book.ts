import type { DatabaseSync } from 'node:sqlite'
import { open, transaction } from './file.ts'

/**
 * What the desk's broker keeps in the journal's database. Of `desk_account` nothing is ever changed or taken away: a session is its line `start`,
 * the lines `alive` that name it, and one line `end` at most; `groups`: those of the person at its start, a JSON array. `desk_told` has those of its lines that a RADIUS server has taken; `upto`: no line up to
 * that one is left to be told. `desk_silence`: since when the RADIUS servers have not taken what there was. `desk_open`: the lines `start` without
 * a line `end`, a few among those of years. `desk_sight`: how the machines of the catalogue were a few seconds ago, and until when a broker asks the hosts.
 * `desk_look`: who asks a person to look at a channel, or looks (`agreed`), of which the end is still to come; `seen`: the broker has seen that they asked.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS desk_account (id INTEGER PRIMARY KEY AUTOINCREMENT, start INTEGER REFERENCES desk_account (id),
    what TEXT NOT NULL CHECK (what IN ('start', 'alive', 'end') AND (what = 'start') = (start IS NULL)),
    at INTEGER NOT NULL, uid INTEGER NOT NULL, who TEXT NOT NULL, channel TEXT NOT NULL,
    system TEXT, machine TEXT, session TEXT, terminal TEXT, how TEXT, groups TEXT);
  CREATE INDEX IF NOT EXISTS desk_account_channel ON desk_account (channel);
  CREATE INDEX IF NOT EXISTS desk_account_at ON desk_account (what, at);
  CREATE INDEX IF NOT EXISTS desk_account_start ON desk_account (start, at);
  CREATE UNIQUE INDEX IF NOT EXISTS desk_account_end ON desk_account (start) WHERE what = 'end';
  CREATE TRIGGER IF NOT EXISTS desk_account_changes BEFORE UPDATE ON desk_account
    BEGIN SELECT RAISE(ABORT, 'nothing in it is changed'); END;
  CREATE TRIGGER IF NOT EXISTS desk_account_loses BEFORE DELETE ON desk_account
    BEGIN SELECT RAISE(ABORT, 'nothing in it is taken away'); END;
  CREATE TABLE IF NOT EXISTS desk_hold (machine TEXT NOT NULL, uid INTEGER NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (machine, uid)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS desk_rate (what TEXT NOT NULL, uid INTEGER NOT NULL, since INTEGER NOT NULL, times INTEGER NOT NULL,
    reference TEXT, PRIMARY KEY (what, uid)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS desk_broker (pid INTEGER PRIMARY KEY, started INTEGER NOT NULL, uid INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS desk_telling (one INTEGER PRIMARY KEY CHECK (one = 1), until INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS desk_told (line INTEGER PRIMARY KEY REFERENCES desk_account (id), at INTEGER NOT NULL, server TEXT NOT NULL,
    upto INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS desk_told_upto ON desk_told (upto);
  CREATE TRIGGER IF NOT EXISTS desk_told_changes BEFORE UPDATE ON desk_told
    BEGIN SELECT RAISE(ABORT, 'nothing in it is changed'); END;
  CREATE TRIGGER IF NOT EXISTS desk_told_loses BEFORE DELETE ON desk_told
    BEGIN SELECT RAISE(ABORT, 'nothing in it is taken away'); END;
  CREATE TABLE IF NOT EXISTS desk_silence (one INTEGER PRIMARY KEY CHECK (one = 1), since INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS desk_open (start INTEGER PRIMARY KEY REFERENCES desk_account (id));
  CREATE TRIGGER IF NOT EXISTS desk_open_begins AFTER INSERT ON desk_account WHEN new.what = 'start'
    BEGIN INSERT INTO desk_open (start) VALUES (new.id); END;
  CREATE TRIGGER IF NOT EXISTS desk_open_ends AFTER INSERT ON desk_account WHEN new.what = 'end'
    BEGIN DELETE FROM desk_open WHERE start = new.start; END;
  CREATE TABLE IF NOT EXISTS desk_sight (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL, until INTEGER NOT NULL, said TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS desk_look (channel TEXT NOT NULL, uid INTEGER NOT NULL, by TEXT NOT NULL, agreed INTEGER NOT NULL,
    seen INTEGER NOT NULL, PRIMARY KEY (channel, uid)) WITHOUT ROWID;
  INSERT OR IGNORE INTO desk_open (start) SELECT id FROM desk_account
    WHERE what = 'start' AND id NOT IN (SELECT start FROM desk_account WHERE what = 'end')`

/** The tables of the desk's broker, and what is done with them in one piece. */
export class DeskBook {
  readonly db: DatabaseSync

  /** @throws the file cannot be used, or a newer vdd has written it */
  constructor(file: string) {
    this.db = open(file, true)
    // Whoever finds the tables writes nothing: many begin at once.
    if (!this.#hasAll()) this.transaction(() => this.#make())
  }

  #make(): void {
    this.db.exec(tables)
    // The first ones had no groups.
    if (!this.#hasGroups()) this.db.exec('ALTER TABLE desk_account ADD COLUMN groups TEXT')
  }

  #hasAll(): boolean {
    const last = "SELECT 1 FROM sqlite_master WHERE name = 'desk_look'"
    return this.db.prepare(last).get() !== undefined && this.#hasGroups()
  }

  #hasGroups(): boolean {
    const columns = "SELECT 1 FROM pragma_table_info('desk_account') WHERE name = 'groups'"
    return this.db.prepare(columns).get() !== undefined
  }

  /** Whole or not at all, and one process after the other. */
  transaction<T>(work: () => T): T {
    return transaction(this.db, work)
  }

  close(): void {
    this.db.close()
  }
}
