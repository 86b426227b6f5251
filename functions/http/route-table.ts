import type { RouteContract } from './contract.ts';
import * as audit from './contracts/audit.ts';
import * as billChanges from './contracts/bill-changes.ts';
import * as billExports from './contracts/bill-exports.ts';
import * as billJobs from './contracts/bill-jobs.ts';
import * as bills from './contracts/bills.ts';
import * as budgets from './contracts/budgets.ts';
import * as completeness from './contracts/completeness.ts';
import { configuredDocumentContracts } from './contracts/configured-documents.ts';
import * as explanations from './contracts/explanations.ts';
import * as forecastRecords from './contracts/forecast-records.ts';
import * as forecasts from './contracts/forecasts.ts';
import * as ingests from './contracts/ingests.ts';
import { METERS } from './contracts/meters.ts';
import * as names from './contracts/names.ts';
import * as notes from './contracts/notes.ts';
import * as periodJobs from './contracts/period-jobs.ts';
import * as periods from './contracts/periods.ts';
import * as prices from './contracts/prices.ts';
import * as quarantine from './contracts/quarantine.ts';
import * as rateCards from './contracts/rate-cards.ts';
import * as ratedHistory from './contracts/rated-history.ts';
import * as rebuilds from './contracts/rebuilds.ts';
import { regionDocumentContracts } from './contracts/region-documents.ts';
import * as regionSettings from './contracts/region-settings.ts';
import * as regions from './contracts/regions.ts';
import * as retraction from './contracts/retraction.ts';
import * as scenarios from './contracts/scenarios.ts';
import * as service from './contracts/service.ts';
import * as sources from './contracts/sources.ts';
import * as surveys from './contracts/surveys.ts';
import * as teams from './contracts/teams.ts';
import * as unmapped from './contracts/unmapped.ts';
import * as usage from './contracts/usage.ts';

/** Every route of the HTTP API, in the order in which the description lists them. */
export const ROUTE_TABLE: readonly RouteContract[] = [
  ingests.postSamples,
  ingests.createUpload,
  ingests.listIngests,
  ingests.getIngest,
  retraction.retractIngest,
  quarantine.listQuarantine,
  quarantine.listQuarantinedRows,
  quarantine.replayQuarantine,
  regions.listRegions,
  regions.getCapacity,
  regions.getDemand,
  completeness.getCompleteness,
  regions.getFit,
  regions.listFlavors,
  regions.listReservations,
  surveys.getPacking,
  surveys.getOvercommit,
  surveys.getRegionReclaim,
  forecasts.getForecast,
  forecastRecords.getForecastRecord,
  forecastRecords.getForecastChange,
  forecasts.getTeamForecasts,
  forecasts.getExhaustion,
  scenarios.askScenario,
  scenarios.getScenarioAnswer,
  scenarios.getSavedScenarioAnswer,
  forecasts.startForecasts,
  forecasts.getForecastRun,
  usage.getUsage,
  usage.createUsageExport,
  usage.getUsageExport,
  explanations.explainUsage,
  explanations.getExplanation,
  ratedHistory.getRatedHistory,
  bills.listBills,
  bills.getBill,
  bills.listBillLines,
  billChanges.listBillChanges,
  billChanges.listPoolCosts,
  prices.getPrice,
  billJobs.explainBill,
  billJobs.getBillExplanation,
  billJobs.compareBillCards,
  billJobs.getBillComparison,
  billJobs.tellLabelCosts,
  billJobs.getLabelCosts,
  billExports.exportBills,
  billExports.getBillExport,
  notes.listNotes,
  notes.getNote,
  budgets.listBudgets,
  periods.listPeriods,
  periods.getPeriod,
  periods.closePeriod,
  periods.issuePeriod,
  periods.getPeriodRun,
  periodJobs.verifyBills,
  periodJobs.getVerification,
  periodJobs.dryRunClose,
  periodJobs.getDryRun,
  rateCards.listRateCards,
  rateCards.getRateCard,
  rateCards.putRateCard,
  rateCards.deleteRateCard,
  teams.listTeams,
  teams.putTeams,
  unmapped.listUnmapped,
  teams.getTeam,
  teams.putTeam,
  teams.deleteTeam,
  surveys.getTeamReclaim,
  ...configuredDocumentContracts,
  regionSettings.getRegionSettings,
  regionSettings.putRegionSettings,
  ...regionDocumentContracts,
  names.listNames,
  names.putNames,
  METERS.list,
  METERS.get,
  METERS.put,
  METERS.remove,
  sources.listSources,
  sources.getSource,
  sources.putSource,
  sources.deleteSource,
  sources.pullSourceNow,
  audit.listAudit,
  rebuilds.startRebuild,
  rebuilds.getRebuild,
  service.getHealth,
  service.getOpenApi,
];
