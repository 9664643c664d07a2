/** What the tests use of memjs, which has no types of its own. */
declare module 'memjs' {
  export interface Options {
    readonly failover?: boolean;
    readonly timeout?: number;
    readonly retries?: number;
    readonly logger?: { log(...texts: unknown[]): void };
  }
  export interface Client {
    readonly options: object;
    get(key: string): Promise<{ readonly value: Uint8Array | null }>;
    set(key: string, value: Uint8Array | string, options: { readonly expires: number }): Promise<boolean>;
    add(key: string, value: Uint8Array | string, options: { readonly expires: number }): Promise<boolean>;
    delete(key: string): Promise<boolean>;
    close(): void;
  }
  export const Client: { create(servers: string, options?: Options): Client };
}
