// Settings › Drafting: whether drafts may be asked of a language model, of which, and what that used. The key goes to the server
// and never comes back.
import {
  Alert,
  Button,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useModelError } from '#renderer/blocks/drafting/use-model-error.ts';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import classes from '#renderer/features/settings/settings.module.css';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { modelKinds, usualAddresses, type DraftingInput, type DraftingSetup } from '#shared/sync/drafting-messages.ts';

const empty: DraftingInput = {
  isOn: false,
  kind: 'gemini',
  baseUrl: usualAddresses.gemini,
  model: '',
  dailyCalls: 200,
  priceIn: null,
  priceOut: null,
  secret: null,
};

function formOf({ setup }: DraftingSetup): DraftingInput {
  if (setup === null) return empty;
  const { hasSecret: _kept, ...values } = setup;
  return { ...values, secret: null };
}

export function DraftingSection() {
  const { t } = useTranslation();
  const errorText = useModelError();
  const [known, setKnown] = useState<DraftingSetup | null>(null);
  const [form, setForm] = useState<DraftingInput>(empty);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [done, setDone] = useState('');
  useTypedForm(known !== null && !isJsonEqual(form, formOf(known)));

  const take = useCallback((setup: DraftingSetup): void => {
    setKnown(setup);
    setForm(formOf(setup));
  }, []);
  const read = useCallback(() => invokeMain(getBridge(), 'drafting.setup', {}).then(take), [take]);
  const { problem } = useServerRead(read, known !== null);

  async function work(doing: () => Promise<string>): Promise<void> {
    setBusy(true);
    setError(null);
    setDone('');
    try {
      setDone(await doing());
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  const change = (next: Partial<DraftingInput>): void => setForm({ ...form, ...next });
  const kept = known?.setup ?? null;
  const needsSecret = kept === null || kept.baseUrl !== form.baseUrl || kept.kind !== form.kind;
  const isReady =
    form.model.trim() !== '' && form.baseUrl.trim() !== '' && (!needsSecret || (form.secret ?? '') !== '');
  const price = (value: string | number): number | null => (typeof value === 'number' ? value : null);

  return (
    <section>
      <Text fw={600} component="h1">
        {t('settings.drafting.title')}
      </Text>
      <p className={classes.lead}>{t('settings.drafting.text')}</p>
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      <ServerProblem problem={problem} />
      {known === null ? null : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void work(async () => {
              take(await invokeMain(getBridge(), 'drafting.save', form));
              return t('settings.drafting.saved');
            });
          }}
        >
          <Stack gap="sm" maw={460}>
            <Switch
              label={t('settings.drafting.isOn')}
              description={t('settings.drafting.isOnHint')}
              checked={form.isOn}
              onChange={(event) => change({ isOn: event.currentTarget.checked })}
            />
            <Select
              label={t('settings.drafting.kind')}
              allowDeselect={false}
              value={form.kind}
              data={modelKinds.map((value) => ({ value, label: t(`settings.drafting.kinds.${value}`) }))}
              onChange={(kind) => {
                if (kind !== null) change({ kind, baseUrl: usualAddresses[kind] });
              }}
            />
            <TextInput
              label={t('settings.drafting.baseUrl')}
              description={t('settings.drafting.baseUrlHint')}
              value={form.baseUrl}
              onChange={(event) => change({ baseUrl: event.currentTarget.value })}
            />
            <TextInput
              label={t('settings.drafting.model')}
              value={form.model}
              onChange={(event) => change({ model: event.currentTarget.value })}
            />
            <PasswordInput
              label={t('settings.drafting.secret')}
              description={t(needsSecret ? 'settings.drafting.secretHint' : 'settings.drafting.secretKept')}
              value={form.secret ?? ''}
              autoComplete="off"
              onChange={(event) =>
                change({ secret: event.currentTarget.value === '' ? null : event.currentTarget.value })
              }
            />
            <NumberInput
              label={t('settings.drafting.dailyCalls')}
              min={1}
              max={100_000}
              allowDecimal={false}
              value={form.dailyCalls}
              onChange={(value) => {
                if (typeof value === 'number' && value >= 1) change({ dailyCalls: value });
              }}
            />
            <Group grow>
              <NumberInput
                label={t('settings.drafting.priceIn')}
                min={0}
                value={form.priceIn ?? ''}
                onChange={(value) => change({ priceIn: price(value) })}
              />
              <NumberInput
                label={t('settings.drafting.priceOut')}
                min={0}
                value={form.priceOut ?? ''}
                onChange={(value) => change({ priceOut: price(value) })}
              />
            </Group>
            <Group gap="xs">
              <Button type="submit" loading={isBusy} disabled={!isReady}>
                {t('common.save')}
              </Button>
              <Button
                variant="default"
                disabled={kept === null || isBusy}
                onClick={() =>
                  void work(async () => {
                    const { tokensIn, tokensOut } = await invokeMain(getBridge(), 'drafting.test', {});
                    return t('settings.drafting.tested', { count: tokensIn + tokensOut });
                  })
                }
              >
                {t('settings.drafting.test')}
              </Button>
              <Button
                variant="subtle"
                color="red"
                disabled={kept === null || isBusy}
                onClick={() =>
                  void work(async () => {
                    take(await invokeMain(getBridge(), 'drafting.remove', {}));
                    return t('settings.drafting.removed');
                  })
                }
              >
                {t('settings.drafting.remove')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
      <p role="status">{done}</p>
      {known === null ? null : <Used used={known.used} />}
    </section>
  );
}

function Used(props: { readonly used: DraftingSetup['used'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { calls, failed, tokensIn, tokensOut, cost } = props.used;
  return (
    <p className="op-muted" data-used={calls}>
      {t('settings.drafting.used', {
        count: calls,
        failed: format.number(failed),
        tokensIn: format.number(tokensIn),
        tokensOut: format.number(tokensOut),
      })}{' '}
      {cost === null ? null : t('settings.drafting.cost', { cost: format.number(Math.round(cost * 100) / 100) })}
    </p>
  );
}
