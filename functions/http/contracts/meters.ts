import { meterSchema } from '../../../lib/metering/configured-meter.ts';
import { configuredDocument } from './configured-documents.ts';

/** Meters beside the built-in ones. */
export const METERS = configuredDocument({
  kind: 'meter',
  path: 'meters',
  title: 'Meter',
  name: 'meter',
  body: meterSchema,
  onDelete: 'Take a meter away; its samples stay in the lake, and are metered no more',
});
