import type { RoutePlan } from '../template/plan.ts';

export interface RouteMatch {
  readonly route: RoutePlan;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly route: RoutePlan;
  readonly method: string;
  readonly segments: readonly string[];
}

/** Routes of an HTTP API. The most specific one that fits wins, as API Gateway has it. */
export class RouteTable {
  readonly #patterns: readonly Pattern[];
  readonly #fallback: RoutePlan | null;

  constructor(routes: readonly RoutePlan[]) {
    this.#fallback = routes.find(({ routeKey }) => routeKey === '$default') ?? null;
    this.#patterns = routes
      .filter(({ routeKey }) => routeKey !== '$default')
      .map((route) => {
        const [method = '', path = ''] = route.routeKey.split(' ');
        return { route, method, segments: split(path) };
      })
      .sort(moreSpecificFirst);
  }

  find(method: string, path: string): RouteMatch | null {
    const segments = split(path);
    for (const pattern of this.#patterns) {
      if (pattern.method !== 'ANY' && pattern.method !== method) continue;
      const pathParameters = match(pattern.segments, segments);
      if (pathParameters !== null) return { route: pattern.route, pathParameters };
    }
    return this.#fallback === null ? null : { route: this.#fallback, pathParameters: {} };
  }
}

function split(path: string): string[] {
  return path.split('/').slice(1);
}

/** 0 for text, 1 for `{name}`, 2 for `{name+}`. */
function openness(segment: string | undefined): number {
  if (segment === undefined || !segment.startsWith('{')) return 0;
  return segment.endsWith('+}') ? 2 : 1;
}

function moreSpecificFirst(left: Pattern, right: Pattern): number {
  const length = Math.max(left.segments.length, right.segments.length);
  for (let index = 0; index < length; index++) {
    const difference = openness(left.segments[index]) - openness(right.segments[index]);
    if (difference !== 0) return difference;
  }
  return Number(left.method === 'ANY') - Number(right.method === 'ANY');
}

function match(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined) return null;
    const name = expected.replaceAll(/[{}+]/g, '');
    if (openness(expected) === 2) {
      const rest = segments.slice(index).map(decodeURIComponent).join('/');
      return rest === '' ? null : { ...parameters, [name]: rest };
    }
    if (openness(expected) === 1 && segment !== '') parameters[name] = decodeURIComponent(segment);
    else if (expected !== segment) return null;
  }
  return segments.length === pattern.length ? parameters : null;
}
