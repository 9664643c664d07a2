/** Reading and writing countries. Every write says in its WHERE which version it replaces: that is the fence. */
import { isCode, type Country } from './country.ts';
import { openDatabase } from './database.ts';
import type { ListQuery } from './list.ts';

/** A country as it is stored. */
export interface Row {
  readonly country: Country;
  /** Grows with every write. */
  readonly version: number;
  /** Of its own for every time that the country is created. */
  readonly incarnation: string;
}

/** What a list is made from. */
export interface Listing extends ListQuery {
  readonly count: number;
  readonly pages: number;
  /** When one of these countries last changed; null where there are none. */
  readonly updatedAt: number | null;
}

/** What a list tells of a country. */
export interface Summary {
  readonly code: string;
  readonly name: string;
  readonly region: string;
  readonly url: string;
}

export interface Catalogue {
  find(code: string | undefined): Row | null;
  /** The countries that share a border with this one. */
  neighbours(row: Row): Row[];
  /** Null past the last page. */
  listing(query: ListQuery): Listing | null;
  list(query: ListQuery): Summary[];
  /** Null when there is one already. */
  insert(country: Country): Row | null;
  /** Null when the stored row is not `expected` any more. */
  replace(country: Country, expected: Row): Row | null;
  /** False when the stored row is not `expected` any more. */
  remove(expected: Row): boolean;
  close(): void;
}

const PAGE_SIZE = 20;

const CONTENT = 'code, name, official, capitals, region, subregion, area, languages';
const ROW = `${CONTENT}, version, incarnation`;
const IN_REGION = '(:region IS NULL OR region = :region)';
const AS_EXPECTED = 'code = :code AND version = :version AND incarnation = :incarnation';

/** Later than every time stored, so that two changes within a millisecond cannot hide behind one MAX(updated_at). */
const NOW = `MAX(CAST(unixepoch('subsec') * 1000 AS INTEGER), (SELECT IFNULL(MAX(updated_at), 0) + 1 FROM countries))`;

/** Opens `file`, or a temporary one. */
export function openCatalogue(file?: string): Catalogue {
  const db = openDatabase(file);
  return {
    find(code) {
      return isCode(code) ? row(db.get(`SELECT ${ROW} FROM countries WHERE code = ?`, code)) : null;
    },
    neighbours({ country }) {
      const codes = 'SELECT neighbour FROM borders WHERE code = ?';
      const found = db.all(`SELECT ${ROW} FROM countries WHERE code IN (${codes}) ORDER BY code`, country.code);
      return found.flatMap((columns) => row(columns) ?? []);
    },
    listing(query) {
      const sql = `SELECT COUNT(*) AS count, MAX(updated_at) AS updatedAt FROM countries WHERE ${IN_REGION}`;
      const found: unknown = db.get(sql, { ':region': query.region });
      const state = found as Pick<Listing, 'count' | 'updatedAt'>; // as selected
      const pages = Math.max(1, Math.ceil(state.count / PAGE_SIZE));
      return query.page <= pages ? { ...query, ...state, pages } : null;
    },
    list({ region, page }) {
      const sql = `SELECT code, name, region, '/countries/' || code AS url FROM countries
        WHERE ${IN_REGION} ORDER BY code LIMIT :limit OFFSET :offset`;
      const bounds = { ':limit': PAGE_SIZE, ':offset': (page - 1) * PAGE_SIZE };
      return db.all(sql, { ':region': region, ...bounds }) as unknown as Summary[]; // as selected
    },
    insert(country) {
      const sql = `INSERT INTO countries (${CONTENT}, updated_at)
        VALUES (:code, :name, :official, :capitals, :region, :subregion, :area, :languages, ${NOW})
        ON CONFLICT DO NOTHING RETURNING ${ROW}`;
      return row(db.get(sql, values(country)));
    },
    replace(country, expected) {
      const sql = `UPDATE countries SET name = :name, official = :official, capitals = :capitals, region = :region,
          subregion = :subregion, area = :area, languages = :languages, version = version + 1, updated_at = ${NOW}
        WHERE ${AS_EXPECTED} RETURNING ${ROW}`;
      return row(db.get(sql, { ...values(country), ...key(expected) }));
    },
    remove(expected) {
      return db.run(`DELETE FROM countries WHERE ${AS_EXPECTED}`, key(expected)).changes === 1;
    },
    close: () => db.close(),
  };
}

/** The columns of ROW; lists and objects are JSON in the database. */
interface Columns extends Omit<Country, 'capitals' | 'languages'> {
  readonly capitals: string;
  readonly languages: string;
  readonly version: number;
  readonly incarnation: string;
}

function row(found: unknown): Row | null {
  if (!found) return null;
  const { version, incarnation, ...content } = found as Columns; // as selected
  const written: Pick<Country, 'capitals' | 'languages'> = {
    capitals: JSON.parse(content.capitals),
    languages: JSON.parse(content.languages),
  };
  return { country: { ...content, ...written }, version, incarnation };
}

function values(country: Country): Record<string, string | number | null> {
  const { code, name, official, capitals, region, subregion, area, languages } = country;
  return {
    ':code': code,
    ':name': name,
    ':official': official,
    ':capitals': JSON.stringify(capitals),
    ':region': region,
    ':subregion': subregion,
    ':area': area,
    ':languages': JSON.stringify(languages),
  };
}

function key({ country, version, incarnation }: Row): Record<string, string | number> {
  return { ':code': country.code, ':version': version, ':incarnation': incarnation };
}
