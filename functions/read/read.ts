import { httpHandler, type Implementation, type RouterOptions } from '../http/router.ts';
import { auditRoutes } from './audit.ts';
import { billChangeRoutes } from './bill-changes.ts';
import { billRoutes } from './bills.ts';
import { budgetRoutes } from './budgets.ts';
import { capacityRoutes } from './capacity.ts';
import { completenessRoutes } from './completeness.ts';
import { configurationRoutes } from './configuration.ts';
import { forecastRecordRoutes } from './forecast-records.ts';
import { forecastRoutes } from './forecasts.ts';
import { ingestRoutes } from './ingests.ts';
import { jobRoutes } from './jobs.ts';
import { nameRoutes } from './names.ts';
import { noteRoutes } from './notes.ts';
import { periodRoutes } from './periods.ts';
import type { ReadPorts } from './ports.ts';
import { priceRoutes } from './prices.ts';
import { quarantineRoutes } from './quarantine.ts';
import { ratedHistoryRoutes } from './rated-history.ts';
import { rebuildRoutes } from './rebuilds.ts';
import { regionDocumentRoutes } from './region-documents.ts';
import { regionRoutes } from './regions.ts';
import { serviceRoutes } from './service.ts';
import { sourceRoutes } from './sources.ts';
import { surveyRoutes } from './surveys.ts';
import { unmappedRoutes } from './unmapped.ts';
import { usageRoutes } from './usage.ts';

/** Every GET route. */
export function readRoutes(ports: ReadPorts): Implementation[] {
  return [
    ...ingestRoutes(ports),
    ...quarantineRoutes(ports),
    ...regionRoutes(ports),
    ...regionDocumentRoutes(ports),
    ...usageRoutes(ports),
    ...jobRoutes(ports),
    ...ratedHistoryRoutes(ports),
    ...billRoutes(ports),
    ...billChangeRoutes(ports),
    ...priceRoutes(ports),
    ...noteRoutes(ports),
    ...budgetRoutes(ports),
    ...unmappedRoutes(ports),
    ...periodRoutes(ports),
    ...configurationRoutes(ports),
    ...nameRoutes(ports),
    ...capacityRoutes(ports),
    ...completenessRoutes(ports),
    ...forecastRoutes(ports),
    ...forecastRecordRoutes(ports),
    ...auditRoutes(ports),
    ...rebuildRoutes(ports),
    ...sourceRoutes(ports),
    ...surveyRoutes(ports),
    ...serviceRoutes(ports.version),
  ];
}

export function readHandler(ports: ReadPorts, logError: RouterOptions['logError']) {
  return httpHandler({ implementations: readRoutes(ports), logError });
}
