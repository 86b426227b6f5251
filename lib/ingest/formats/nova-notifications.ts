import { compareText } from '../../identifiers.ts';
import type { Reading } from '../derived-sample.ts';
import { derivedSink } from '../derived-sink.ts';
import { NOVA_SOURCE } from '../nova-source.ts';
import { excerpt, RowRefused } from '../refusal.ts';
import { RefusedRequests } from '../refused-requests.ts';
import { parseTolerantly } from '../tolerant-json.ts';
import { unreadableRow } from '../unreadable-row.ts';
import type { Format, FormatFile, Recogniser } from './format.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { type NovaEvent, optionalText, readingsOfEvent } from './nova-event.ts';
import { legacyAction, legacyEvent } from './nova-legacy-event.ts';
import { refusedRequest } from './nova-refusal.ts';
import {
  actionOfPayload,
  isVersioned,
  versionedAction,
  versionedEvent,
} from './nova-versioned-event.ts';

/** What oslo.messaging puts the notification into, as text. */
const ENVELOPE = 'oslo.message';

/** Notifications as they stand on the message bus or in a log of it: those of instances are read. */
const FORMAT: Format = {
  name: 'nova-notifications',
  rowsAreSamples: false,
  open(batch, options) {
    const untold = new Map<string, number>();
    const refused = new RefusedRequests(options.region, options.putAt);
    const leave: Leave = (eventType, notification) => {
      const request = refusedRequest(notification);
      if (request !== null) refused.add(request);
      else untold.set(eventType, (untold.get(eventType) ?? 0) + 1);
    };
    return derivedSink(batch, options, {
      rowsOf: (text) => [
        {
          row: text,
          source: NOVA_SOURCE,
          ...read(text, leave),
        },
      ],
      importedDays: () => refused.importedDays(),
      warning: () => warningOf(untold),
    });
  },
};

const recognise: Recogniser = ({ value }) => {
  const notification = unwrapped(value);
  if (notification === null) return null;
  const isNotification =
    typeof notification['event_type'] === 'string' && 'payload' in notification;
  return isNotification || actionOfPayload(notification) !== null ? FORMAT : null;
};

export const NOVA_NOTIFICATIONS: FormatFile = { formats: [FORMAT], recognise };

/** What becomes of a notification that nothing is metered from. */
type Leave = (eventType: string, notification: JsonObject) => void;

/** @throws RowRefused */
function read(
  text: string,
  leave: Leave,
): { readonly messageId: string; readonly readings: () => readonly Reading[] } {
  const value = parseTolerantly(text);
  if (value === undefined) throw unreadableRow(text);
  const notification = unwrapped(value);
  if (notification === null) {
    throw new RowRefused('not_a_notification', `The row is no notification: ${excerpt(text)}`);
  }
  const readings = () => {
    const event = eventOf(notification);
    const told = event && readingsOfEvent(event);
    if (told && told.length > 0) return told;
    leave(optionalText(notification['event_type']), notification);
    return [];
  };
  return { messageId: optionalText(notification['message_id']), readings };
}

/** Null when it is of no instance. @throws RowRefused */
function eventOf(notification: JsonObject): NovaEvent | null {
  const { event_type: eventType, payload } = notification;
  if (typeof eventType !== 'string') {
    const action = actionOfPayload(notification);
    if (action !== null) return versionedEvent(action, {}, notification);
    throw new RowRefused('event_type_missing', 'The notification does not say its event_type.');
  }
  const action = versionedAction(eventType) ?? legacyAction(eventType);
  if (action === null) return null;
  if (!isJsonObject(payload)) {
    throw new RowRefused(
      'payload_missing',
      `The notification "${excerpt(eventType)}" has no payload.`,
    );
  }
  return isVersioned(payload)
    ? versionedEvent(action, notification, payload)
    : legacyEvent(action, notification, payload);
}

/** Out of the envelope of oslo.messaging, where there is one. Null when it is no object. */
function unwrapped(value: unknown): JsonObject | null {
  if (!isJsonObject(value)) return null;
  const inner = value[ENVELOPE];
  if (inner === undefined) return value;
  const message = typeof inner === 'string' ? parseTolerantly(inner) : inner;
  return isJsonObject(message) ? message : null;
}

const NAMED_MAX = 5;

function warningOf(untold: ReadonlyMap<string, number>): string | null {
  if (untold.size === 0) return null;
  const total = [...untold.values()].reduce((sum, count) => sum + count, 0);
  const commonest = [...untold]
    .toSorted(([a, n], [b, m]) => m - n || compareText(a, b))
    .slice(0, NAMED_MAX)
    .map(([eventType, count]) => `${excerpt(eventType)} (${count})`);
  const more = untold.size > NAMED_MAX ? ', ...' : '';
  return `Nothing is metered from ${total} of the notifications: ${commonest.join(', ')}${more}. What begins, fails, never ran or is of no instance holds nothing.`;
}
