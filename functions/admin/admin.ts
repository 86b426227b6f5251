import { httpHandler, type Implementation, type RouterOptions } from '../http/router.ts';
import { billJobRoutes } from './bill-jobs.ts';
import { configurationRoutes } from './configuration.ts';
import { configuredDocumentRoutes } from './configured-documents.ts';
import { explanationRoutes } from './explanations.ts';
import { forecastRoutes } from './forecasts.ts';
import { meterRoutes } from './meters.ts';
import { nameRoutes } from './names.ts';
import { periodJobRoutes } from './period-jobs.ts';
import { periodRoutes } from './periods.ts';
import type { AdminPorts } from './ports.ts';
import { quarantineRoutes } from './quarantine.ts';
import { rebuildRoutes } from './rebuilds.ts';
import { regionDocumentRoutes } from './region-documents.ts';
import { regionSettingsRoutes } from './region-settings.ts';
import { retractionRoutes } from './retraction.ts';
import { sourceRoutes } from './sources.ts';
import { teamListRoutes } from './team-list.ts';
import { uploadRoutes } from './uploads.ts';
import { usageExportRoutes } from './usage-exports.ts';

/** Every route that writes, but for samples. */
export function adminRoutes(ports: AdminPorts): Implementation[] {
  return [
    ...uploadRoutes(ports),
    ...retractionRoutes(ports),
    ...quarantineRoutes(ports),
    ...configurationRoutes(ports),
    ...configuredDocumentRoutes(ports),
    ...teamListRoutes(ports),
    ...regionDocumentRoutes(ports),
    ...regionSettingsRoutes(ports),
    ...meterRoutes(ports),
    ...nameRoutes(ports),
    ...sourceRoutes(ports),
    ...periodRoutes(ports),
    ...periodJobRoutes(ports),
    ...billJobRoutes(ports),
    ...forecastRoutes(ports),
    ...rebuildRoutes(ports),
    ...usageExportRoutes(ports),
    ...explanationRoutes(ports),
  ];
}

export function adminHandler(ports: AdminPorts, logError: RouterOptions['logError']) {
  return httpHandler({ implementations: adminRoutes(ports), logError });
}
