import { AdoptionResolver } from './adoption.js';
import { ApplyResolver } from './apply.js';
import { ChartResolver } from './chart.js';
import { CredentialResolver } from './credentials.js';
import { DeployResolver } from './deploy.js';
import { EventResource } from './event.js';
import { FinalizeResolver } from './finalize.js';
import { IntentResolver } from './intents.js';
import { KindQueries } from './kind.js';
import { LeaseResolver } from './leases.js';
import { LiveObjectField } from './live-object.js';
import { LogResolver, LogSubscription } from './logs.js';
import { ObjectEvents } from './object-events.js';
import { ObjectPlanResolver } from './object-plan.js';
import { OriginResolver } from './origin.js';
import { ObjectResource } from './owned-object.js';
import { PlanResolver } from './plan.js';
import { ProbeVerbs } from './probe-verbs.js';
import { Queries } from './queries.js';
import { RecordAttemptResolver } from './record-attempt.js';
import { RecordEventsResolver } from './record-events.js';
import { ReferenceTarget } from './reference.js';
import { ReportResolver } from './report.js';
import { ReportObjectsResolver } from './report-objects.js';
import { ReportStatusResolver } from './report-status.js';
import { ResourceRelations } from './resource.js';
import { RevisionResolver } from './revisions.js';
import { SecretReferenceFields } from './secret-reference.js';
import { Subscriptions } from './subscriptions.js';
import { TokenResolver } from './tokens.js';
import { WhatIfResolver } from './what-if.js';
import { WhyResolver } from './why.js';

/** All that is written by hand. Those of derived kinds join in build-graph. */
export const resolverClasses = [
  Queries,
  KindQueries,
  ChartResolver,
  ResourceRelations,
  RevisionResolver,
  ReferenceTarget,
  EventResource,
  ObjectResource,
  ObjectEvents,
  SecretReferenceFields,
  ApplyResolver,
  AdoptionResolver,
  DeployResolver,
  PlanResolver,
  LeaseResolver,
  ReportResolver,
  ReportStatusResolver,
  ReportObjectsResolver,
  RecordEventsResolver,
  RecordAttemptResolver,
  IntentResolver,
  FinalizeResolver,
  CredentialResolver,
  Subscriptions,
  TokenResolver,
  ProbeVerbs,
  LogResolver,
  LogSubscription,
  LiveObjectField,
  ObjectPlanResolver,
  OriginResolver,
  WhyResolver,
  WhatIfResolver,
] as const;
