import type { Day } from '../../period/calendar.ts';
import type { InstantUs } from '../../period/instant.ts';
import type { OpenStackRequest } from '../../ports/sources.ts';
import { SourceFault } from '../source-fault.ts';
import type { Window } from '../windows.ts';
import type { Answer } from './answer.ts';

/** Asks until there is an answer that can be read. @throws SourceFault */
export type Ask = <T>(
  request: OpenStackRequest,
  read: (text: string) => Answer<T>,
) => Promise<Answer<T>>;

/** What one window gave, as it goes to the landing bucket. */
export interface Pulled {
  readonly day: Day;
  /** JSON, one envelope or answer a line. Answers that tell the same are the same text. */
  readonly lines: readonly string[];
}

export interface PullKind<S> {
  /** Oldest first; a snapshot has one, of no length. */
  readonly windows: (source: S, at: { pulledUntil: InstantUs | null; now: InstantUs }) => Window[];
  /** A snapshot says nothing of the past, so no high-water mark comes of it. */
  readonly isSnapshot: boolean;
  /** Null when the answer is empty. */
  readonly pull: (source: S, window: Window, context: PullContext) => Promise<Pulled | null>;
}

export interface PullContext {
  readonly ask: Ask;
  readonly warn: (warning: string) => void;
}

const PAGES_MAX = 5_000;
/** Of all pages of one window. */
const CHARACTERS_MAX = 64 * 1_048_576;

/**
 * Page after page, until one names no next.
 * @param nextOf marker of the page after the given one, or null
 */
export async function allPages<T>(
  page: (marker: string | null) => Promise<Answer<T>>,
  nextOf: (value: T) => string | null,
): Promise<T[]> {
  const pages: T[] = [];
  const seen = new Set<string>();
  let size = 0;
  for (let marker: string | null = null; ; ) {
    const { text, value }: Answer<T> = await page(marker);
    pages.push(value);
    size += text.length;
    marker = nextOf(value);
    if (marker === null) return pages;
    if (seen.has(marker)) {
      throw new SourceFault(
        'final',
        `The pages go in a circle: the marker "${marker.slice(0, 80)}" came twice.`,
      );
    }
    if (pages.length === PAGES_MAX || size > CHARACTERS_MAX) {
      throw new SourceFault(
        'final',
        `One window has more than ${PAGES_MAX} pages or ${CHARACTERS_MAX} characters: it is too large to pull.`,
      );
    }
    seen.add(marker);
  }
}

/** The marker in the link to the next page. Its host may be one that only the cloud itself reaches. */
export function nextMarker(links: unknown): string | null {
  if (!Array.isArray(links)) return null;
  const next = links.find((link) => link?.rel === 'next');
  if (typeof next?.href !== 'string') return null;
  return new URL(next.href, 'https://any.invalid/').searchParams.get('marker');
}

/** Line ends stand between the values of JSON only, never in its texts. */
export function onOneLine(json: string): string {
  return json.replaceAll(/[\r\n]+/g, ' ').trim();
}
