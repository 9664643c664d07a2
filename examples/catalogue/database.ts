/** The SQLite file: where it is, its tables, and the countries that it starts with. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import countries from 'world-countries/countries.json' with { type: 'json' };

export type Database = InstanceType<typeof sqlite.Database>;

const TABLES = `
  CREATE TABLE IF NOT EXISTS countries (
    code        TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    official    TEXT NOT NULL,
    capitals    TEXT NOT NULL, -- JSON
    region      TEXT NOT NULL COLLATE NOCASE,
    subregion   TEXT NOT NULL,
    area        REAL,
    languages   TEXT NOT NULL, -- JSON
    version     INTEGER NOT NULL DEFAULT 1,
    incarnation TEXT NOT NULL DEFAULT (lower(hex(randomblob(6)))), -- tells a row from one that was deleted and made again
    updated_at  INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS borders (
    code        TEXT NOT NULL REFERENCES countries ON DELETE CASCADE,
    neighbour   TEXT NOT NULL REFERENCES countries ON DELETE CASCADE,
    PRIMARY KEY (code, neighbour)
  ) WITHOUT ROWID;`;

/** Opens the file, filled if it is new; without a name it is a temporary one, gone when the process ends. Ends the process where it cannot. */
export function openDatabase(named?: string): Database {
  const file = named || temporaryFile();
  try {
    const db = new sqlite.Database(file);
    db.exec('PRAGMA busy_timeout = 2000'); // another server may be at work on the same file
    db.exec('BEGIN IMMEDIATE');
    db.exec(TABLES);
    if (!db.get('SELECT 1 FROM countries')) fill(db);
    db.exec('COMMIT');
    return db;
  } catch (error) {
    // a server that was killed in the middle of a write leaves its lock behind
    const lock = existsSync(`${file}.lock`) ? `. If no server is running on it, remove ${file}.lock` : '';
    console.error(`Cannot use ${file}: ${String(error)}${lock}`);
    process.exit(1);
  }
}

function fill(db: Database): void {
  const country = db.prepare(`
    INSERT INTO countries (code, name, official, capitals, region, subregion, area, languages, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const border = db.prepare('INSERT INTO borders VALUES (?, ?)');
  for (const { cca3, name, capital, region, subregion, area, languages } of countries) {
    const [capitals, spoken] = [JSON.stringify(capital), JSON.stringify(languages)];
    const known = area >= 0 ? area : null; // the source says -1 for "not known"
    country.run([cca3, name.common, name.official, capitals, region, subregion, known, spoken, Date.now()]);
  }
  for (const { cca3, borders } of countries) for (const neighbour of borders) border.run([cca3, neighbour]);
  country.finalize();
  border.finalize();
}

function temporaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'unstale-catalogue-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'catalogue.db');
}
