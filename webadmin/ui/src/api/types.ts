/** The API's shapes under the names the pages use; all of them come from the backend's document. */
import type { components } from "@/api/types.gen";

type Schemas = components["schemas"];

export type Side = Schemas["Side"];
export const SIDES: readonly Side[] = ["caller", "callee"];
export type Role = Schemas["RoleView"];
export type RoleList = Schemas["RoleList"];
export type Department = Schemas["DepartmentView"];
export type ScopeKind = Schemas["ScopeKind"];
export type ScopeSize = Schemas["ScopeSize"];
export type ExtensionChoice = Schemas["ExtensionChoice"];
export type Contact = Schemas["ContactView"];
export type ContactsPage = Schemas["ContactsPage"];
export type LineKind = Schemas["LineKind"];
export const LINE_KINDS: readonly LineKind[] = ["ip", "analog", "e1"];
export type ViewList = Schemas["ViewListAnswer"];
export type ViewListEntry = Schemas["ViewListEntryView"];
export type Permission = Schemas["Permission"];

export type Session = Schemas["SessionAnswer"];
export type SecondAsked = Schemas["SecondAsked"];
export type PasskeyOptions = Schemas["PasskeyOptions"];
export type LdapResult = Schemas["LdapResult"];
export type LinkView = Schemas["LinkView"];
export type Account = Schemas["AccountView"];
export type SessionOf = Schemas["SessionView"];
export type TokenOf = Schemas["TokenView"];
export type AlarmsPage = Schemas["AlarmsPage"];
export type AlarmOf = Schemas["AlarmView"];
export type MailsPage = Schemas["MailsPage"];
export type MailTrial = Schemas["TrialAnswer"];
export type AlarmCounts = Schemas["AlarmCounts"];
export type OperationsPage = Schemas["OperationsPage"];
export type OperationOf = Schemas["OperationView"];
export type Verification = Schemas["Verification"];
export type Storage = Schemas["StorageAnswer"];
export type Retention = Schemas["RetentionAnswer"];
export type RetentionPreview = Schemas["Preview"];
export type StreamNow = Schemas["StreamNow"];
export type MediaNow = Record<string, StreamNow>;
export type LiveCall = Omit<Schemas["LiveCallWithMedia"], "media"> & { media?: MediaNow };

export type MarkOf = Schemas["MarkView"];
export type Row = Schemas["RowView"];
export type CallList = Schemas["CallsPage"];
export type CallDetail = Schemas["CallDetail"];
export type CallEvent = Schemas["EventView"];
export type Interaction = Schemas["Interaction"];
export type Track = Schemas["Track"];
export type Annotations = Schemas["AnnotationsView"];
export type NoteOf = Schemas["NoteView"];
export type CallSummary = Schemas["SummaryView"];
export type DeletionStep = Schemas["DeletionStep"];
export type Evidence = Schemas["FileEvidence"];
export type Share = Schemas["ShareView"];
export type Shared = Schemas["SharedRecording"];
export type ExportOf = Schemas["ExportView"];
export type LadderMessage = Schemas["LadderStep"];

export type ProgramState = Schemas["ProgramView"];
export type Intake = Schemas["IntakeView"];
export type Queue = Schemas["QueueView"];
export type Condition = Schemas["ConditionView"];
export type Home = Schemas["Home"];

export type Statements = Schemas["StatementsAnswer"];
export type StatementOf = Schemas["StatementView"];
export type CdrPreview = Schemas["CdrPreview"];
export type CdrAnswer = Schemas["CdrAnswer"];
export type CdrRow = Schemas["CdrRow"];
export type CdrOutcome = Schemas["CdrOutcome"];
export type Mirror = Schemas["MirrorAnswer"];
export type Channel = Schemas["ChannelView"];
export type SystemInfo = Schemas["SystemAnswer"];
export type Nic = Schemas["NicView"];
export type ProgramReport = Schemas["ProgramReport"];
export type ProgramLog = Schemas["LogAnswer"];
export type Nets = Schemas["NetsAnswer"];
export type NetOf = Schemas["NetView"];
export type Commissioning = Schemas["CommissioningAnswer"];
export type CommissionedRow = Schemas["CommissionedRow"];
export type Why = Schemas["Why"];
export type User = Schemas["UserView"];
export type UserWithPassword = Schemas["UserWithPassword"];

export type Rules = Schemas["RulesAnswer"];
export type Explained = Schemas["Explained"];
export type ListEntry = Schemas["EntryView"];
export type ListPage = Schemas["ListPage"];
export type Extension = Schemas["ExtensionView"];
export type ExtensionsPage = Schemas["ExtensionsPage"];
export type Plan = Schemas["PlanView"];

export type Completion = Schemas["Completion"];
export type LineProblem = Schemas["ProblemView"];
export type KeptSearch = Schemas["SearchView"];
export type StatisticsTable = Schemas["StatisticsTable"];
