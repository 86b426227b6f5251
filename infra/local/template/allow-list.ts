/**
 * The only resource types and properties that this runner leaves out, each with its reason.
 * Whatever is neither read nor here stops the start with an error that names it.
 */
const security = 'permissions are not checked on one machine';
const keys = 'data is not encrypted at rest on one machine';
const watching = 'nobody is paged by one machine';
const logs = 'logs are files under the data directory';
const tags = 'tags have no effect';
const deployment = 'part of deploying, not of running';
const analytics = 'a catalogue for Athena, which does not run here';
const naming = 'a description for people';

export const ignoredTypes: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': deployment,
  'AWS::IAM::Role': security,
  'AWS::IAM::Policy': security,
  'AWS::IAM::ManagedPolicy': security,
  'AWS::Lambda::Permission': security,
  'AWS::S3::BucketPolicy': security,
  'AWS::SQS::QueuePolicy': security,
  'AWS::SNS::TopicPolicy': security,
  'AWS::KMS::Key': keys,
  'AWS::KMS::Alias': keys,
  'AWS::Logs::LogGroup': logs,
  'AWS::Logs::MetricFilter': watching,
  'AWS::Logs::ResourcePolicy': security,
  'AWS::CloudWatch::Alarm': watching,
  'AWS::CloudWatch::CompositeAlarm': watching,
  'AWS::CloudWatch::Dashboard': watching,
  'AWS::SNS::Topic': watching,
  'AWS::SNS::Subscription': watching,
  'AWS::Budgets::Budget': watching,
  'AWS::ApiGateway::Account': deployment,
  'AWS::Lambda::Version': 'the function itself stands for its versions',
  'AWS::Lambda::Alias': 'the function itself stands for its aliases',
  'AWS::Scheduler::ScheduleGroup': 'groups only name schedules',
  'AWS::Glue::Database': analytics,
  'AWS::Glue::Table': analytics,
  'AWS::Athena::WorkGroup': analytics,
  'Custom::S3AutoDeleteObjects': deployment,
};

const always = { Tags: tags, Description: naming };

export const ignoredProperties: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::DynamoDB::Table': {
    ...always,
    TimeToLiveSpecification: 'expired items stay: DynamoDB may keep them for days as well',
    PointInTimeRecoverySpecification: 'copy the data directory instead',
    SSESpecification: keys,
    DeletionProtectionEnabled: deployment,
    ContributorInsightsSpecification: watching,
    TableClass: 'a matter of price',
    OnDemandThroughput: 'nothing is throttled on one machine',
    ResourcePolicy: security,
  },
  'AWS::DynamoDB::GlobalTable': {
    ...always,
    TimeToLiveSpecification: 'expired items stay: DynamoDB may keep them for days as well',
    SSESpecification: keys,
    Replicas: 'there is one machine',
    WriteOnDemandThroughputSettings: 'nothing is throttled on one machine',
    WarmThroughput: 'nothing is throttled on one machine',
  },
  'AWS::Events::EventBus': always,
  'AWS::S3::Bucket': {
    ...always,
    BucketEncryption: keys,
    PublicAccessBlockConfiguration: security,
    OwnershipControls: security,
    AccessControl: security,
    LifecycleConfiguration: 'nothing expires on one machine',
    VersioningConfiguration: 'the embedded server keeps the last version only',
    ObjectLockEnabled: 'the embedded server locks nothing',
    ObjectLockConfiguration: 'the embedded server locks nothing',
    LoggingConfiguration: logs,
    CorsConfiguration: 'browsers reach objects by presigned addresses of the same machine',
    IntelligentTieringConfigurations: 'a matter of price',
    MetricsConfigurations: watching,
  },
  'AWS::SQS::Queue': {
    ...always,
    SqsManagedSseEnabled: keys,
    KmsMasterKeyId: keys,
    KmsDataKeyReusePeriodSeconds: keys,
    RedriveAllowPolicy: security,
  },
  'AWS::Lambda::Function': {
    ...always,
    Role: security,
    Architectures: 'the machine has the one that the stage names',
    Runtime: 'functions run in the Node that runs this program',
    LoggingConfig: logs,
    TracingConfig: watching,
    KmsKeyArn: keys,
    RecursiveLoop: 'loops are not watched for on one machine',
    RuntimeManagementConfig: deployment,
    EphemeralStorage: 'functions share the disk of the machine',
    DeadLetterConfig: 'failed asynchronous calls stand in the log',
    SnapStart: 'a matter of cold starts',
  },
  'AWS::Lambda::EventSourceMapping': { ...always, KmsKeyArn: keys, MetricsConfig: watching },
  'AWS::Lambda::EventInvokeConfig': {
    ...always,
    Qualifier: 'the function itself stands for its versions',
    DestinationConfig: 'failed asynchronous calls stand in the log',
    MaximumEventAgeInSeconds: 'asynchronous calls do not queue on one machine',
  },
  'AWS::ApiGatewayV2::Api': {
    ...always,
    DisableExecuteApiEndpoint: 'there is no other address on one machine',
    CorsConfiguration: 'the console is served by the same address',
    RouteSelectionExpression: 'HTTP APIs have one only',
    IpAddressType: 'bound to 127.0.0.1',
  },
  'AWS::ApiGatewayV2::Stage': {
    ...always,
    AccessLogSettings: logs,
    DefaultRouteSettings: 'nothing is throttled on one machine',
    RouteSettings: 'nothing is throttled on one machine',
    AutoDeploy: deployment,
    DeploymentId: deployment,
  },
  'AWS::ApiGatewayV2::Route': {
    AuthorizationType: security,
    AuthorizationScopes: security,
    AuthorizerId: security,
    OperationName: naming,
  },
  'AWS::ApiGatewayV2::Integration': { ...always, CredentialsArn: security },
  'AWS::Events::Rule': { ...always, RoleArn: security },
  'AWS::Scheduler::Schedule': { ...always, GroupName: naming, KmsKeyArn: keys },
  'AWS::StepFunctions::StateMachine': {
    ...always,
    RoleArn: security,
    LoggingConfiguration: logs,
    TracingConfiguration: watching,
    EncryptionConfiguration: keys,
  },
  'Custom::S3BucketNotifications': {
    ServiceToken: deployment,
    SkipDestinationValidation: deployment,
  },
};
