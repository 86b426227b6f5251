import { ANONYMOUS, isActor } from '../actor.ts';
import { isRegion, type Region } from '../identifiers.ts';
import { type Day, isDay } from '../period/calendar.ts';
import { ObjectRefused } from './refusal.ts';

/** Where objects show in the ledger whose key does not say their region. */
export const REGION_OF_STRAYS = 'unknown' as Region;

/** Who put an object that came neither as a post nor as an upload. */
export const DIRECT_PUT = 'landing';

const KEY = /^region=([^/]*)\/([^/]*)\/(.+)$/s;
const TAKEN_BY_US = /^(?:http|upload|pull)\/(?:by=([^/]*)\/)?/;
/** Also in keys that others choose: there is nothing to gain by a wrong one. */
const FORMAT = /^(?:(?:http|upload|pull)\/(?:by=[^/]*\/)?)?format=([^/]*)\//;
const FORMAT_NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** A key of S3 has at most 1,024 bytes; region, day, id and file name need up to 320 of them. */
const ACTOR_BYTES_MAX = 300;

/** `region=<region>/<yyyy-mm-dd>/<anything>`, where `<anything>` may start with `format=<name>/`. */
export interface LandingKey {
  readonly region: Region;
  readonly day: Day;
  /** Who says to have sent it; unverified. */
  readonly actor: string;
  /** The name of the format that the sender says it is in; null: it is told from the content. */
  readonly format: string | null;
}

/** @throws ObjectRefused when the key does not say region and day */
export function parseLandingKey(key: string): LandingKey {
  const match = KEY.exec(key);
  const [, region = '', day = '', rest = ''] = match ?? [];
  if (!match || !isRegion(region) || !isDay(day)) {
    throw new ObjectRefused(
      'no_region_in_key',
      `The key "${key.slice(0, 200)}" does not say the region. Put objects under region=<region>/<yyyy-mm-dd>/, for instance region=west/2026-10-05/samples.jsonl.gz.`,
    );
  }
  return { region, day, actor: actorIn(rest), format: FORMAT.exec(rest)?.[1] ?? null };
}

/** Where the object shows in the ledger, and who sent it, also of a key that says neither. */
export function originOf(key: string): { readonly region: Region; readonly actor: string } {
  try {
    return parseLandingKey(key);
  } catch (error) {
    if (error instanceof ObjectRefused) return { region: REGION_OF_STRAYS, actor: DIRECT_PUT };
    throw error;
  }
}

/** What the keys of a region and day begin with, in the landing bucket. */
export function dayPrefix(region: Region, day: Day): string {
  return `region=${region}/${day}/`;
}

/**
 * The part of a landing key that says who sent the object: `by=<name, URL-encoded>/`, or nothing
 * for who gave no name. A name beyond 300 bytes of it is cut behind a whole character.
 */
export function actorSegment(actor: string): string {
  if (actor === ANONYMOUS) return '';
  let encoded = '';
  for (const character of actor) {
    const next = encoded + encodeURIComponent(character);
    if (next.length > ACTOR_BYTES_MAX) break;
    encoded = next;
  }
  return `by=${encoded}/`;
}

/** The part of a landing key that says the format: `format=<name>/`, or nothing where it is to be told from the content. */
export function formatSegment(format: string | null): string {
  return format === null ? '' : `format=${format}/`;
}

/** Whether it could be the name of a format; which formats there are, ingest knows. */
export function isFormatName(text: string): boolean {
  return FORMAT_NAME.test(text);
}

function actorIn(rest: string): string {
  const match = TAKEN_BY_US.exec(rest);
  if (!match) return DIRECT_PUT;
  const actor = decoded(match[1] ?? '');
  return isActor(actor) ? actor : ANONYMOUS;
}

/** Empty when it is not URL-encoded text: anybody who may write to the bucket chooses keys. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}
