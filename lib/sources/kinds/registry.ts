import type { Source } from '../source.ts';
import { blazarLeases } from './blazar-leases.ts';
import { gnocchiAggregates } from './gnocchi-aggregates.ts';
import type { PullKind } from './kind.ts';
import { novaCatalogue } from './nova-catalogue.ts';
import { novaHypervisors } from './nova-hypervisors.ts';
import { novaUsage } from './nova-usage.ts';
import { placement } from './placement.ts';

/** A kind of source with the source that it is of. */
export interface BoundKind {
  readonly isSnapshot: boolean;
  readonly windows: (
    at: Parameters<PullKind<never>['windows']>[1],
  ) => ReturnType<PullKind<never>['windows']>;
  readonly pull: (
    window: Parameters<PullKind<never>['pull']>[1],
    context: Parameters<PullKind<never>['pull']>[2],
  ) => ReturnType<PullKind<never>['pull']>;
}

export function kindOf(source: Source): BoundKind {
  switch (source.kind) {
    case 'gnocchi-aggregates':
      return bind(gnocchiAggregates, source);
    case 'nova-usage':
      return bind(novaUsage, source);
    case 'nova-hypervisors':
      return bind(novaHypervisors, source);
    case 'nova-catalogue':
      return bind(novaCatalogue, source);
    case 'placement':
      return bind(placement, source);
    case 'blazar-leases':
      return bind(blazarLeases, source);
    default:
      return source satisfies never;
  }
}

function bind<S>(kind: PullKind<S>, source: S): BoundKind {
  return {
    isSnapshot: kind.isSnapshot,
    windows: (at) => kind.windows(source, at),
    pull: (window, context) => kind.pull(source, window, context),
  };
}
