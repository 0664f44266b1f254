// A campaign that is not published yet, on one page: what it says, who gets it, when; beside it the mail as each person
// would get it. Writing works without a network; what asks the server says so.
import { Button, Menu, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconDots, IconSend, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useCampaignCall } from '#renderer/blocks/campaigns/use-campaign-calls.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { showDone, useCommand } from '#renderer/blocks/use-command.tsx';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { AudienceFields } from '#renderer/features/campaigns/audience-fields.tsx';
import { useMaySend } from '#renderer/features/campaigns/campaign-tabs.tsx';
import { FollowFields, useFollowed } from '#renderer/features/campaigns/follow-fields.tsx';
import { MailContentFields, type MailTexts } from '#renderer/features/campaigns/mail-content-fields.tsx';
import { MailPreview } from '#renderer/features/campaigns/mail-preview.tsx';
import { PublishDialog } from '#renderer/features/campaigns/publish-dialog.tsx';
import { SendingFields, TestFields } from '#renderer/features/campaigns/sending-fields.tsx';
import { useCampaignDraft, type CampaignDraft } from '#renderer/features/campaigns/use-campaign-draft.ts';
import { usePeople } from '#renderer/features/campaigns/use-people.ts';
import { Page } from '#renderer/ui/page.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { audienceOf } from '#shared/campaigns/audience.ts';
import { followUpOf, USUAL_FOLLOW_DAYS } from '#shared/campaigns/follow-up.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { campaignVariables } from '#shared/mail/mail-variables.ts';
import { contentOf } from '#shared/mail/template-content.ts';
import classes from './campaigns.module.css';

export function CampaignEditor({ record }: { readonly record: LocalRecord }) {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const draft = useCampaignDraft(record);
  const [index, setIndex] = useState(0);
  const { values, change } = draft;
  const audience = audienceOf(values['audience']);
  const [isFollowUp, setFollowUp] = useState(() => followUpOf(values) !== null);
  const followed = useFollowed(followUpOf(values)?.campaignId ?? null);
  // Of a follow-up the preview goes through those the other one is for.
  const { people, picked } = usePeople(
    followed === null ? audience : { ...audience, parts: audienceOf(followed['audience']).parts },
  );
  const texts: MailTexts = contentOf(values);
  const person = people[Math.min(index, people.length - 1)] ?? null;
  return (
    <Page
      title={textOf(values['name']) || t('campaigns.untitled')}
      subtitle={<SaveState record={record} draft={draft} />}
      actions={<EditorActions record={record} draft={draft} person={person} isFollowUp={isFollowUp} />}
    >
      {isOnline ? null : (
        <p className={classes.info} role="status">
          {t('campaigns.offline')}
        </p>
      )}
      <div className={classes.columns}>
        <div className={classes.stack}>
          <Panel title={t('campaigns.parts.content')}>
            <div className={classes.fields}>
              <div className={classes.pair}>
                <TextInput
                  label={t('fields.campaign.name')}
                  description={t('campaigns.nameHint')}
                  withAsterisk
                  maxLength={120}
                  value={textOf(values['name'])}
                  error={draft.problems.has('name') ? t('problems.required') : undefined}
                  onChange={(event) => change({ name: event.currentTarget.value })}
                />
                <TemplateSelect draft={draft} />
              </div>
              <MailContentFields texts={texts} variables={campaignVariables} onChange={change} />
            </div>
          </Panel>
          <Panel title={t('campaigns.parts.audience')}>
            <div className={classes.fields}>
              <SegmentedControl
                size="xs"
                className={classes.choice}
                aria-label={t('campaigns.follows.who')}
                value={isFollowUp ? 'follows' : 'people'}
                onChange={(who) => {
                  setFollowUp(who === 'follows');
                  change(
                    who === 'follows'
                      ? { followsWhen: 'notOpened', followsDays: USUAL_FOLLOW_DAYS, scheduledAt: null }
                      : { followsId: null, followsWhen: null, followsDays: null },
                  );
                }}
                data={(['people', 'follows'] as const).map((value) => ({
                  value,
                  label: t(`campaigns.follows.${value}`),
                }))}
              />
              {isFollowUp ? (
                <FollowFields id={record.id} draft={draft} audience={audience} followed={followed} />
              ) : (
                <AudienceFields audience={audience} picked={picked} onChange={(next) => change({ audience: next })} />
              )}
            </div>
          </Panel>
          <Panel title={t('campaigns.parts.sending')}>
            <SendingFields draft={draft} isFollowUp={isFollowUp} />
          </Panel>
          <Panel title={t('campaigns.parts.test')}>
            <TestFields draft={draft} />
          </Panel>
        </div>
        <div className={classes.beside}>
          <Panel title={t('campaigns.parts.preview')}>
            <MailPreview
              texts={texts}
              subjectB={textOf(values['subjectB'] ?? '')}
              people={people}
              index={index}
              onIndex={setIndex}
              onLeaveOut={(id) => change({ audience: { ...audience, without: [...audience.without, id] } })}
            />
          </Panel>
        </div>
      </div>
    </Page>
  );
}

function SaveState(props: { readonly record: LocalRecord; readonly draft: CampaignDraft }) {
  const { t } = useTranslation();
  const { draft, record } = props;
  return (
    <span className={classes.line} role="status" data-saved={draft.isSaved}>
      {draft.problems.size > 0
        ? t('campaigns.notSavedYet')
        : draft.isSaved
          ? t('campaigns.draftSaved')
          : t('campaigns.saving')}
      <PendingMark pending={record.pending} />
    </span>
  );
}

/** Takes over what a template says; from then on the campaign has a text of its own. */
function TemplateSelect({ draft }: { readonly draft: CampaignDraft }) {
  const { t } = useTranslation();
  const { data } = useLive('list', {
    entity: 'mailTemplate',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const rows = data?.rows ?? [];
  const chosen = textOf(draft.values['templateId'] ?? '');
  return (
    <Select
      label={t('campaigns.template')}
      description={t('campaigns.templateHint')}
      placeholder={rows.length === 0 ? t('campaigns.noTemplates') : t('common.choose')}
      searchable
      nothingFoundMessage={t('common.nothingFound')}
      data={rows.map((row) => ({ value: row.id, label: textOf(row['name']) }))}
      value={rows.some(({ id }) => id === chosen) ? chosen : null}
      onChange={(id) => {
        const template = rows.find((row) => row.id === id);
        if (template !== undefined) draft.change({ templateId: template.id, ...contentOf(template) });
      }}
    />
  );
}

function EditorActions(props: {
  readonly record: LocalRecord;
  readonly draft: CampaignDraft;
  readonly person: LocalRecord | null;
  readonly isFollowUp: boolean;
}) {
  const { t } = useTranslation();
  const can = useCan();
  const run = useCommand();
  const navigate = useNavigate();
  const isOnline = useIsOnline();
  const maySend = useMaySend(props.record);
  const { ask, isAsking, error } = useCampaignCall();
  const [isPublishing, setPublishing] = useState(false);
  const email = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.email : '',
  );
  const { record, draft, person, isFollowUp } = props;
  const isAtServer = isOnline && draft.isSaved && draft.problems.size === 0 && record.pending.length === 0;
  const isWhole = ['subject', 'body'].every((field) => textOf(draft.values[field] ?? '').trim() !== '');
  const hasAudience = isFollowUp
    ? followUpOf(draft.values) !== null
    : audienceOf(draft.values['audience']).parts.length > 0;

  async function test(): Promise<void> {
    const of = person === null ? {} : { entity: person.kind, recordId: person.id };
    if ((await ask('testCampaign', { id: record.id, ...of })) !== null)
      showDone({
        message: t('campaigns.testSent', { address: email }),
        closeButtonProps: { 'aria-label': t('common.close') },
      });
  }

  async function remove(): Promise<void> {
    const input = { entity: 'campaign', id: record.id };
    const undo = { command: 'restoreRecord', input, entity: 'campaign', ids: [record.id], left: null } as const;
    if ((await run('deleteRecord', input, { done: t('campaigns.removed'), undo })) !== null)
      void navigate('/campaigns');
  }

  return (
    <>
      {error === null ? null : (
        <span className={classes.error} role="alert">
          {error}
        </span>
      )}
      <Button
        variant="default"
        disabled={!isAtServer || !isWhole}
        loading={isAsking}
        onClick={() => void test()}
        title={isOnline ? undefined : t('campaigns.needsServer')}
      >
        {t('campaigns.sendTest')}
      </Button>
      {maySend ? (
        <Button
          leftSection={<IconSend size={15} />}
          disabled={!isAtServer || !isWhole || !hasAudience}
          onClick={() => setPublishing(true)}
          title={isOnline ? undefined : t('campaigns.needsServer')}
        >
          {t('campaigns.publish.open')}
        </Button>
      ) : (
        <span className="op-muted">{t('campaigns.mayNotPublish')}</span>
      )}
      {can('delete', entities.campaign, record) ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px={8} aria-label={t('campaigns.more')}>
              <IconDots size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconTrash size={15} />} onClick={() => void remove()}>
              {t('campaigns.remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {isPublishing ? (
        <PublishDialog id={record.id} values={draft.values} onClose={() => setPublishing(false)} />
      ) : null}
    </>
  );
}
