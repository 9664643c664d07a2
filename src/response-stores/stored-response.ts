/** A response as a cache keeps it (RFC 9111 §3): plain data, made by the layer, judged by pure functions, kept by a store. */

export interface StoredResponse {
  readonly status: number;
  /** Field lines in their order, names in lower case; without those of one connection (RFC 9111 §3.1), and without Age. */
  readonly fields: readonly FieldLine[];
  readonly body: Uint8Array;
  /** When the request was sent to the handler, and when its response came: milliseconds since 1970 (RFC 9111 §4.2.3). */
  readonly requestTime: number;
  readonly responseTime: number;
  /** The request fields that Vary nominates, normalized; `null` where the request had none (RFC 9111 §4.1). */
  readonly varying: readonly (readonly [name: string, value: string | null])[];
  /** What can invalidate it beside its key: tags of the application, and cache groups (RFC 9875). */
  readonly tags: readonly string[];
}

export type FieldLine = readonly [name: string, value: string];
