import { ObjectRefused } from '../refusal.ts';
import { ExporterSink } from './exporter-sink.ts';
import type { Format, FormatFile, Recogniser } from './format.ts';
import { isJsonObject } from './json-object.ts';

const OURS = /^\s*(?:#\s*(?:HELP|TYPE)\s+)?openstack_[a-z0-9]+_[a-z0-9_]+(?:\s|\{)/;
/** A comment of any exporter, or a series with labels. */
const ANY = /^\s*(?:#\s*(?:HELP|TYPE)\s+[a-zA-Z_:]|[a-zA-Z_:][a-zA-Z0-9_:]*\{[a-zA-Z_]\w*=")/;

const FORMAT: Format = {
  name: 'openstack-exporter',
  rowsAreSamples: false,
  open: (batch, options) => new ExporterSink(batch, options),
};

/**
 * What openstack-exporter exposes, in the Prometheus text format, bare or as the body of an envelope
 * that says when. Bare, a series without a timestamp is of the time at which the object was put.
 */
const recognise: Recogniser = ({ text, value }) => {
  if (isJsonObject(value)) {
    const isEnveloped = 'body' in value && value['source'] === FORMAT.name;
    return isEnveloped ? FORMAT : null;
  }
  if (OURS.test(text)) return FORMAT;
  if (!ANY.test(text)) return null;
  throw new ObjectRefused(
    'other_exposition',
    'This is a Prometheus exposition without any series of openstack-exporter (openstack_nova_..., openstack_placement_..., openstack_cinder_...). Send the /metrics of openstack-exporter, with its default prefix.',
  );
};

export const OPENSTACK_EXPORTER: FormatFile = { formats: [FORMAT], recognise };
