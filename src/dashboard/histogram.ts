/** Times in buckets whose bounds grow by a constant factor: quantiles within a known relative error, in memory that does not grow. */

/** Four buckets for each doubling: a quantile is off by at most 9 %. */
const PER_DOUBLING = 4;

/** Milliseconds; all below are one bucket. */
const LEAST = 0.125;

/** Up to 65 seconds; all above are one bucket. */
const DOUBLINGS = 19;

export const BUCKETS: number = DOUBLINGS * PER_DOUBLING + 2;

export function bucketOf(milliseconds: number): number {
  if (!(milliseconds >= LEAST)) return 0; // NaN, too
  return Math.min(BUCKETS - 1, 1 + Math.floor(Math.log2(milliseconds / LEAST) * PER_DOUBLING));
}

/** The time that a share `q` of all do not exceed, or nothing where none is counted; the middle of its bucket. */
export function quantile(counts: Float64Array, q: number): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let below = 0;
  return middleOf(counts.findIndex((count) => (below += count) >= q * all));
}

/** The geometric mean of the bounds; of the two open buckets, the bound that they have. */
function middleOf(bucket: number): number {
  if (bucket === 0) return LEAST;
  if (bucket === BUCKETS - 1) return LEAST * 2 ** DOUBLINGS;
  return LEAST * 2 ** ((bucket - 0.5) / PER_DOUBLING);
}
