/** Decorated controllers: one text, compiled in both dialects. */
import { CacheControl, Conditional, Guard, NoStore, policyOf, Vary } from '../../src/decorators.ts';
import { version } from '../../src/index.ts';
import { current, Logged, Replaced, ROWS, type Kit } from './house.ts';

@CacheControl({ private: true, maxAge: '1m' })
@Vary('Accept-Language')
export class Articles {
  readonly kit: Kit;

  constructor(kit: Kit) {
    this.kit = kit;
  }

  @Conditional(current)
  show(...native: readonly [object, ...unknown[]]): void {
    this.kit.send(native, this.kit.selected(native[0], current).row);
  }

  list(...native: readonly [object, ...unknown[]]): void {
    this.kit.send(native, [...ROWS.values()]);
  }

  @NoStore()
  @Vary('Authorization', 'Cookie')
  @Guard(current)
  update(...native: readonly [object, ...unknown[]]): void {
    const write = this.kit.guarded(native[0], current);
    const row = { text: 'Égalité', version: write.expected.row.version + 1 };
    ROWS.set('/articles/7', row);
    write.applied(version(row.version));
    this.kit.send(native, row);
  }

  /** Mounted for reads and for writes. */
  @Conditional(current)
  @Guard(current, { reveal: false })
  showOrUpdate(...native: readonly [object, ...unknown[]]): void {
    const { method } = native[0] as { method: string }; // of Express's and Node's request, and of Koa's context
    return method === 'GET' ? this.show(...native) : this.update(...native);
  }

  @Logged
  @Conditional(current)
  behindLog(...native: readonly [object, ...unknown[]]): void {
    return this.show(...native);
  }

  @CacheControl({ public: true })
  @Logged
  @Vary('Accept')
  aroundLog(...native: readonly [object, ...unknown[]]): void {
    return this.list(...native);
  }

  @NoStore()
  [Symbol.for('symbolic')](): void {}
}

export class Drafts extends Articles {
  override list(...native: readonly [object, ...unknown[]]): void {
    return super.list(...native);
  }

  @Vary('Prefer')
  override update(...native: readonly [object, ...unknown[]]): void {
    return super.update(...native);
  }
}

@NoStore()
export class Secrets extends Drafts {}

@Replaced
@CacheControl({ noCache: true })
export class Others {
  @Logged
  @Guard(current)
  update(): void {}

  @Vary('Accept')
  list(): void {}
}

/** A function that was made by a decorator at one time, and belongs to no class at another. */
export const borrowed = { show: Articles.prototype.show };

export class Bound {
  constructor() {
    this.update = this.update.bind(this);
  }

  @Guard(current)
  update(): this {
    return this;
  }
}

/** Read when the module is evaluated, before any instance is made. */
export const AT_DEFINITION = policyOf(Articles, 'behindLog');
