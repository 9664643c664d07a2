/** The fields of a response, as a layer reads and edits them: staged while the handler has still to speak, and then those of its Response. */
import type { HeaderFields } from '../exchange.ts';
import { appendVary } from '../http/vary.ts';

/** Where the framework keeps its response. */
export interface Place {
  get(): Response;
  set(response: Response): void;
  /** The fields that the framework has for a response to come; without it there are only those of the layers. */
  coming?(): Headers;
  /** Gives the framework one of them, or takes it away. */
  stage?(name: string, value: string | undefined): void;
}

/** A response that is being made. */
export interface Draft {
  readonly place: Place;
  /** What layers have set for a response to come. */
  readonly staged: Headers;
  /** There is a response. */
  made: boolean;
  /** The staged fields are among its own. */
  laid: boolean;
}

export function fieldsOf(draft: Draft): HeaderFields {
  const { place, staged } = draft;
  const headers = (): Headers => currentFields(draft);
  return {
    get: (name) => headers().get(name) ?? undefined,
    set(name, value) {
      if (draft.made) return edit(place, (own) => own.set(name, value));
      staged.set(name, value);
      return place.stage?.(name, value);
    },
    delete(name) {
      staged.delete(name);
      if (!draft.made) return place.stage?.(name, undefined);
      return headers().has(name) ? edit(place, (own) => own.delete(name)) : undefined;
    },
    names: () => [...new Set(headers().keys())],
  };
}

/** As they stand at this moment. */
export function currentFields({ made, place, staged }: Draft): Headers {
  return made ? place.get().headers : (place.coming?.() ?? staged);
}

/** Lays the staged fields under those of the response, once: what a layer takes off afterwards is gone. */
export function layStaged(draft: Draft): void {
  if (draft.laid) return;
  draft.laid = true;
  for (const [name, value] of draft.staged) {
    const { headers } = draft.place.get();
    if (name === 'vary') {
      const vary = appendVary(headers.get(name) ?? '', value.split(/[ ,]+/));
      edit(draft.place, (own) => own.set(name, vary));
    } else if (name === 'set-cookie' ? !headers.getSetCookie().includes(value) : !headers.has(name)) {
      edit(draft.place, (own) => own.append(name, value));
    }
  }
}

/** The fields of a redirect, and of what `fetch` gave, are immutable: such a response is made anew. */
function edit(place: Place, change: (headers: Headers) => void): void {
  const response = place.get();
  try {
    change(response.headers);
  } catch {
    place.set(new Response(response.body, response));
    change(place.get().headers);
  }
}
