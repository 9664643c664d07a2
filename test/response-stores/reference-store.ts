/** A store of responses in its simplest form, and each way to get it wrong: what the contract has to see. */
import { setTimeout as sleep } from 'node:timers/promises';
import { namesOf, namesOfPurge } from '../../src/response-stores/purge-log.ts';
import type { Fill, Kept, Purge, Put, ResponseStore } from '../../src/response-stores/response-store.ts';
import type { StoredResponse } from '../../src/response-stores/stored-response.ts';
import { variantOf } from '../../src/response-stores/variant.ts';
import { MAX_ENTRY, MAX_VARIANTS, type Kit } from './kit.ts';

export type Flaw =
  | 'a fill is never refused'
  | 'a fill is refused by purges of its key alone'
  | 'a fill is refused by any purge'
  | 'a soft purge refuses no fill'
  | 'a refused fill takes away what is there'
  | 'a purge only refuses fills'
  | 'a purge takes one variant away'
  | 'a purge takes everything away'
  | 'a purge of everything takes nothing away'
  | 'a purge takes away only the first name'
  | 'a purge of a tag goes by the first tag'
  | 'a purged key stays purged'
  | 'keys and tags are one kind of name'
  | 'a soft purge purges'
  | 'a soft purge does nothing'
  | 'a soft purge does not say when'
  | 'a soft purge marks what comes later'
  | 'a soft purge hides what is purged from the next one'
  | 'one response is kept under a key'
  | 'variants are forgotten'
  | 'every response is another variant'
  | 'variants depend on the order of names'
  | 'an absent field is an empty one'
  | 'names and values run together'
  | 'variants are never too many'
  | 'the newest variant goes first'
  | 'variants come in the order in which they were stored'
  | 'responses never end'
  | 'all variants end together'
  | 'the first time of a variant counts'
  | 'it does not say until when'
  | 'no response is too large'
  | 'a response that is too large takes away what is there'
  | 'bodies are texts'
  | 'bodies are not copied'
  | 'field lines are names of an object'
  | 'tags are forgotten'
  | 'texts are UTF-8'
  | 'keys are not case-sensitive'
  | 'every fill leads'
  | 'the second handle has leads of its own'
  | 'leads are of all keys'
  | 'a lead never ends by itself'
  | 'a put leaves the lead'
  | 'an end leaves the lead'
  | 'a put that is refused leaves the lead'
  | 'anybody ends the lead'
  | 'who does not lead may not put'
  | 'a late fill may not put'
  | 'nobody waits'
  | 'who waits waits for ever'
  | 'who waits is never told';

interface Entry {
  readonly id: string;
  readonly kept: Kept;
  readonly number: number;
  readonly names: readonly string[];
}

export function referenceKit(flaw?: Flaw): Kit {
  return {
    name: flaw ?? 'the reference',
    async open() {
      const open = referenceStore(flaw);
      return { store: open(), second: open(), close: async () => {} };
    },
  };
}

/** Gives handles on the same data. */
export function referenceStore(flaw?: Flaw): () => ResponseStore {
  const is = (...flaws: readonly Flaw[]): boolean => flaw !== undefined && flaws.includes(flaw);
  let entries: (Entry & { readonly key: string })[] = [];
  const purges: { readonly what: Purge; readonly at: number }[] = [];
  const shared = new Map<string, { token: symbol; until: number }>();

  const namesOfBoth = (key: string, response: StoredResponse): readonly string[] =>
    (is('a purge of a tag goes by the first tag')
      ? namesOf(key, { ...response, tags: response.tags.slice(0, 1) })
      : namesOf(key, response)
    ).map((name) => (is('keys and tags are one kind of name') ? name.slice(1) : name));

  function meets(what: Purge, names: readonly string[]): boolean {
    if (what.all) return !is('a purge of everything takes nothing away');
    const purged = namesOfPurge(what)
      .slice(0, is('a purge takes away only the first name') ? 1 : Infinity)
      .map((name) => (is('keys and tags are one kind of name') ? name.slice(1) : name));
    if (is('a purge takes everything away') && purged.length > 0) return true;
    return purged.some((name) => names.includes(name));
  }

  function refuses(since: number, names: readonly string[]): boolean {
    if (is('a fill is never refused')) return false;
    if (is('a purged key stays purged')) since = 0;
    return purges.slice(since).some(({ what }) => {
      if (is('a soft purge refuses no fill') && what.soft) return false;
      if (is('a fill is refused by any purge')) return true;
      return meets(what, is('a fill is refused by purges of its key alone') ? names.slice(0, 1) : names);
    });
  }

  function put(key: string, response: StoredResponse, ttl: number, since: number): Put {
    const id = variantIdOf(response, is);
    const names = namesOfBoth(key, response);
    const others = entries.filter((entry) => entry.key !== key);
    const same = entries.filter((entry) => entry.key === key);
    if (refuses(since, names)) {
      if (is('a refused fill takes away what is there')) entries = others;
      return 'purged';
    }
    const size =
      response.body.byteLength + response.fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    if (size >= MAX_ENTRY && !is('no response is too large')) {
      if (is('a response that is too large takes away what is there')) entries = others;
      return 'dropped';
    }
    const before = same.find((entry) => entry.id === id);
    const until = is('the first time of a variant counts') && before ? before.kept.until : Date.now() + ttl;
    const kept = { response: damaged(response, is), until };
    let variants = is('one response is kept under a key') ? [] : same.filter((entry) => entry.id !== id);
    variants.unshift({ key, id, kept, number: since, names });
    if (is('all variants end together')) {
      variants = variants.map((entry) => ({ ...entry, kept: { ...entry.kept, until } }));
    }
    if (variants.length > MAX_VARIANTS && !is('variants are never too many')) {
      if (is('the newest variant goes first')) variants.shift();
      else variants.pop();
    }
    entries = [...others, ...variants];
    return 'kept';
  }

  function shownOf({ kept, number, names }: Entry): readonly Kept[] {
    if (kept.until <= Date.now() && !is('responses never end')) return [];
    const from = is('a soft purge marks what comes later') ? 0 : number;
    const soft = purges.slice(from).find(({ what }) => what.soft && meets(what, names));
    const shown = is('it does not say until when') ? { ...kept, until: 0 } : kept;
    if (!soft || is('a soft purge does nothing')) return [shown];
    if (is('a soft purge purges')) return [];
    return [{ ...shown, staleSince: is('a soft purge does not say when') ? 0 : soft.at }];
  }

  return () => {
    const held = is('the second handle has leads of its own')
      ? new Map<string, { token: symbol; until: number }>()
      : shared;

    function fill(given: string, lease: number): Fill {
      const since = purges.length;
      const name = is('leads are of all keys') ? '' : given;
      const key = nameOf(given, is);
      const token = Symbol('lead');
      const other = held.get(name);
      const free = !other || (other.until <= Date.now() && !is('a lead never ends by itself'));
      const leads = free || is('every fill leads');
      if (leads) held.set(name, { token, until: Date.now() + lease });
      const end = (): void => {
        if (held.get(name)?.token === token || is('anybody ends the lead')) held.delete(name);
      };
      const late = (): boolean => leads && held.get(name)?.token !== token;
      return {
        leads,
        end: is('an end leaves the lead') ? () => {} : end,
        put(response, ttl) {
          if ((is('who does not lead may not put') && !leads) || (is('a late fill may not put') && late()))
            return 'dropped';
          const result = put(key, response, ttl, since);
          if (!is('a put leaves the lead') && !(is('a put that is refused leaves the lead') && result !== 'kept'))
            end();
          return result;
        },
        async wait(milliseconds) {
          if (is('nobody waits')) return;
          const until = is('who waits waits for ever') ? Infinity : Date.now() + milliseconds;
          const led = (): boolean =>
            is('who waits is never told') ||
            is('who waits waits for ever') ||
            (held.get(name)?.until ?? 0) > Date.now();
          for (let i = 0; i < 1200 && Date.now() < until && led(); i++) await sleep(5);
        },
      };
    }

    return {
      purgesTags: true,
      get(name) {
        const key = nameOf(name, is);
        const found = entries.filter((entry) => entry.key === key).flatMap(shownOf);
        if (is('variants come in the order in which they were stored')) return found.toReversed();
        return is('variants are forgotten') ? found.slice(0, 1) : found;
      },
      fill,
      async purge(what) {
        const purge = { ...what, keys: what.keys?.map((key) => nameOf(key, is)) ?? [] };
        purges.push({ what: purge, at: Date.now() });
        if (what.soft || is('a purge only refuses fills')) return;
        const doomed = entries.filter(({ names, number }) => {
          const hidden =
            is('a soft purge hides what is purged from the next one') &&
            purges.slice(number).some((earlier) => earlier.what.soft);
          return meets(purge, names) && !hidden;
        });
        const gone = new Set(is('a purge takes one variant away') ? doomed.slice(0, 1) : doomed);
        entries = entries.filter((entry) => !gone.has(entry));
      },
      close() {},
    };
  };
}

type Is = (...flaws: readonly Flaw[]) => boolean;

const nameOf = (key: string, is: Is): string => (is('keys are not case-sensitive') ? key.toLowerCase() : key);

let variants = 0;

function variantIdOf(response: StoredResponse, is: Is): string {
  if (is('every response is another variant')) return String(++variants);
  if (is('variants depend on the order of names')) return JSON.stringify(response.varying);
  if (is('an absent field is an empty one')) {
    return variantOf({ ...response, varying: response.varying.map(([name, value]) => [name, value ?? '']) });
  }
  if (is('names and values run together')) return response.varying.map(([name, value]) => `${name}${value}`).join('');
  return variantOf(response);
}

function damaged(response: StoredResponse, is: Is): StoredResponse {
  const { body, fields, tags } = response;
  const utf8 = (text: string): string => Buffer.from(text).toString();
  if (is('bodies are texts')) return { ...response, body: Buffer.from(Buffer.from(body).toString()) };
  if (is('bodies are not copied')) return response;
  const copy = { ...response, body: new Uint8Array(body) };
  if (is('field lines are names of an object')) return { ...copy, fields: Object.entries(Object.fromEntries(fields)) };
  if (is('tags are forgotten')) return { ...copy, tags: [] };
  if (is('texts are UTF-8'))
    return { ...copy, fields: fields.map(([name, value]) => [name, utf8(value)]), tags: tags.map(utf8) };
  return copy;
}
