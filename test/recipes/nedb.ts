/** NeDB, an embedded database with MongoDB's filters and updates, under the method names and results of MongoDB's driver. */
import Nedb from '@seald-io/nedb';

type Filter = Readonly<Record<string, unknown>>;

/** What the recipe uses of the driver's `Collection`. */
export interface Collection<Document> {
  findOne(filter: Filter): Promise<Document | null>;
  insertOne(document: Document): Promise<unknown>;
  updateOne(filter: Filter, update: Filter): Promise<{ readonly matchedCount: number }>;
  deleteOne(filter: Filter): Promise<{ readonly deletedCount: number }>;
}

export function collection<Document extends object>(): Collection<Document> {
  const Store = Nedb as unknown as typeof Nedb.default; // its types have a default export, its code has none
  const store = new Store<Document>({ inMemoryOnly: true });
  return {
    findOne: async (filter) => store.findOneAsync<Document>(filter),
    insertOne: (document) => store.insertAsync(document).catch(duplicate),
    // `numAffected` counts the documents that the filter found, changed or not: MongoDB's matchedCount.
    updateOne: async (filter, update) => ({
      matchedCount: (await store.updateAsync(filter, update, { multi: false })).numAffected,
    }),
    deleteOne: async (filter) => ({ deletedCount: await store.removeAsync(filter, { multi: false }) }),
  };
}

function duplicate(error: unknown): never {
  const { errorType } = Object(error) as { errorType?: unknown };
  throw errorType === 'uniqueViolated' ? Object.assign(new Error('E11000 duplicate key'), { code: 11_000 }) : error;
}
