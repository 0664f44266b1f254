// Everything a mail can be filled in with: names in single braces, and the field each of them takes its value from. One
// list for templates, campaigns, the composer and the mails Outpost sends itself, so that an unknown name is unknown everywhere.
import type { EntityName } from '#shared/entities/define-entity.ts';

/** Where values come from. `campaign`: links the server makes for each recipient. `task` and `goal`: notification mails. */
export type VariableSource = 'person' | 'company' | 'deal' | 'sender' | 'time' | 'campaign' | 'task' | 'goal';

export interface MailVariable {
  readonly name: string;
  readonly source: VariableSource;
  /** `entity.field` it is read from, for each entity it can be read from. Empty: it is no value of a record. */
  readonly fields: Partial<Readonly<Record<EntityName, string>>>;
}

const make = (source: VariableSource, name: string, fields: MailVariable['fields'] = {}): MailVariable => ({
  name,
  source,
  fields,
});

export const mailVariables: readonly MailVariable[] = [
  make('person', 'first_name', { contact: 'firstName', lead: 'firstName' }),
  make('person', 'last_name', { contact: 'lastName', lead: 'lastName' }),
  make('person', 'name', { contact: 'name', lead: 'name' }),
  make('person', 'salutation', { contact: 'salutation' }),
  make('person', 'email', { contact: 'email', lead: 'email' }),
  make('person', 'phone', { contact: 'phone', lead: 'phone' }),
  make('person', 'job_title', { contact: 'jobTitle', lead: 'jobTitle' }),
  make('person', 'city', { contact: 'city', lead: 'city' }),
  make('person', 'country', { contact: 'country', lead: 'country' }),
  make('company', 'company_name', { account: 'name', lead: 'company' }),
  make('company', 'website', { account: 'website', lead: 'website' }),
  make('deal', 'deal_name', { deal: 'name' }),
  make('deal', 'deal_amount', { deal: 'amount' }),
  make('deal', 'close_date', { deal: 'closeDate' }),
  make('sender', 'sender_name', { user: 'name' }),
  make('sender', 'sender_first_name', { user: 'name' }),
  make('sender', 'sender_email', { user: 'email' }),
  make('sender', 'sender_phone', { user: 'phone' }),
  make('sender', 'sender_title', { user: 'jobTitle' }),
  make('time', 'month'),
  make('time', 'year'),
  make('time', 'date'),
  make('campaign', 'unsubscribe_link'),
  make('task', 'task_title', { task: 'title' }),
  make('task', 'due_date', { task: 'dueDate' }),
  make('task', 'assigned_by'),
  make('task', 'priority', { task: 'priority' }),
  make('goal', 'goal_name'),
  make('goal', 'achievement_date'),
  make('goal', 'performance_data'),
];

/** Names a mail of a campaign can use: those that have a value without a deal, task or goal. */
export const campaignVariables: readonly string[] = mailVariables
  .filter(({ source }) => ['person', 'company', 'sender', 'time', 'campaign'].includes(source))
  .map(({ name }) => name);

/** Names a mail to one person can use; the composer fills in what its record gives. */
export const letterVariables: readonly string[] = mailVariables
  .filter(({ source }) => ['person', 'company', 'deal', 'sender', 'time'].includes(source))
  .map(({ name }) => name);
