/** What the dashboard takes of an event `unstale:exchange`: nothing that names a resource or a client. */
import type { Events } from '../metrics.ts';

export type Seen = Omit<Events['exchange'], 'target' | 'native'>;
