import { Alert, Button, Group, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { PoliciesForm } from '#renderer/blocks/policies-form.tsx';
import { AccessTable } from '#renderer/blocks/support-table.tsx';
import { usePlanName } from '#renderer/blocks/use-plan-name.ts';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { Standing, SupportAccess, SupportDecision } from '#shared/platform/platform-messages.ts';
import { limitNames, UNLIMITED_PLAN, unlimitedPlan } from '#shared/platform/plans.ts';
import { policyNames, type OwnPolicies, type Policies } from '#shared/platform/policies.ts';
import classes from '#renderer/features/settings/settings.module.css';

const MEGABYTE = 1024 * 1024;

/** What of the form differs from the rules of the server: that alone is the organization's own. */
function ownOf(chosen: Policies, platform: Policies): OwnPolicies {
  return Object.fromEntries(
    policyNames.flatMap((name) =>
      JSON.stringify(chosen[name]) === JSON.stringify(platform[name]) ? [] : [[name, chosen[name]]],
    ),
  );
}

/** Plan, rules and support of the own organization, for its administrators. */
export function StandingSection() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [standing, setStanding] = useState<Standing | null>(null);
  const [accesses, setAccesses] = useState<readonly SupportAccess[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [done, setDone] = useState('');
  const [isBusy, setBusy] = useState(false);

  const attempt = useCallback(
    async (work: () => Promise<unknown>, said: string) => {
      setBusy(true);
      setError(null);
      setDone('');
      try {
        await work();
        setDone(said);
        return true;
      } catch (failure) {
        setError(errorText(failure));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [errorText],
  );
  const readAccesses = useCallback(
    async () => setAccesses(await invokeMain(getBridge(), 'organization.support', {})),
    [],
  );
  const read = useCallback(async () => {
    const found = await invokeMain(getBridge(), 'organization.standing', {});
    await readAccesses();
    setStanding(found);
  }, [readAccesses]);
  const { problem } = useServerRead(read, standing !== null);

  const tighten = (chosen: Policies, platform: Policies): Promise<boolean> =>
    attempt(
      async () =>
        setStanding(await invokeMain(getBridge(), 'organization.tighten', { policies: ownOf(chosen, platform) })),
      t('settings.standing.saved'),
    );
  const decide = (id: string, decision: SupportDecision): Promise<boolean> =>
    attempt(async () => {
      await invokeMain(getBridge(), 'organization.decideSupport', { id, decision });
      await readAccesses();
    }, t('settings.standing.decided'));

  return (
    <section>
      <h1>{t('settings.standing.title')}</h1>
      <p className={classes.lead}>{t('settings.standing.text')}</p>
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      <ServerProblem problem={problem} />
      {standing === null ? null : (
        <>
          <UseTable standing={standing} />
          <Text size="sm" fw={540} component="h2" mt="lg">
            {t('settings.standing.support')}
          </Text>
          <p className={classes.lead}>{t('settings.standing.supportText')}</p>
          <AccessTable
            accesses={accesses}
            renderActions={({ id, state }) => (
              <Group gap={6} wrap="nowrap">
                {choicesOf(state).map((decision) => (
                  <Button
                    key={decision}
                    size="compact-xs"
                    variant={decision === 'allow' ? 'filled' : 'default'}
                    disabled={isBusy}
                    onClick={() => void decide(id, decision)}
                  >
                    {t(`support.${decision}`)}
                  </Button>
                ))}
              </Group>
            )}
          />
          <Text size="sm" fw={540} component="h2" mt="lg">
            {t('settings.standing.rules')}
          </Text>
          <p className={classes.lead}>{t('settings.standing.rulesText')}</p>
          <PoliciesForm
            value={standing.policies}
            floor={standing.platformPolicies}
            isBusy={isBusy}
            onSave={(chosen) => tighten(chosen, standing.platformPolicies)}
          />
        </>
      )}
      <p role="status">{done}</p>
    </section>
  );
}

function choicesOf(state: SupportAccess['state']): readonly SupportDecision[] {
  if (state === 'asked') return ['allow', 'refuse'];
  return state === 'open' ? ['end'] : [];
}

function UseTable({ standing }: { readonly standing: Standing }) {
  const { t } = useTranslation();
  const format = useFormat();
  const planNameOf = usePlanName();
  const planId = standing.plan === unlimitedPlan.name ? UNLIMITED_PLAN : '';
  const { usage, limits } = standing;
  const used = { users: usage.users, records: usage.records, storageMb: usage.bytes, apiCalls: usage.apiCalls };
  const textOf = (name: (typeof limitNames)[number], count: number): string =>
    name === 'storageMb' ? format.bytes(count) : format.number(count);
  return (
    <>
      <p>{t('settings.standing.plan', { plan: planNameOf({ id: planId, name: standing.plan }) })}</p>
      <table className={classes.table} data-testid="plan-use">
        <thead>
          <tr>
            <th>{t('platform.organizations.plan')}</th>
            <th>{t('settings.standing.used')}</th>
            <th>{t('settings.standing.limit')}</th>
          </tr>
        </thead>
        <tbody>
          {limitNames.map((name) => {
            const limit = limits[name];
            const isBytes = name === 'storageMb';
            return (
              <tr key={name}>
                <td>{t(isBytes ? 'platform.organizations.storage' : `platform.limits.${name}`)}</td>
                <td>{textOf(name, used[name])}</td>
                <td>{limit === null ? t('platform.limits.none') : textOf(name, isBytes ? limit * MEGABYTE : limit)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
