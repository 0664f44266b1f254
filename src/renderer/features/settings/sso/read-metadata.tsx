// The metadata of a SAML provider, by their address, from a file or pasted. What was found is shown in the form and kept by saving.
import { Alert, Badge, Button, FileButton, Group, Input, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { SamlProvider } from '#renderer/features/settings/sso/provider-draft.ts';
import { useSsoErrorText } from '#renderer/features/settings/sso/use-sso.ts';
import type { AskMetadata, FoundMetadata, ProviderKey, SamlSettings } from '#shared/sync/sso-messages.ts';

interface ReadProps {
  readonly settings: SamlSettings;
  readonly saved: SamlProvider | null;
  /** `address` is empty for what came from a file: nobody can ask for that again. */
  readonly onFound: (found: FoundMetadata, address: string) => void;
  readonly onStop: () => void;
}

export function ReadMetadata({ settings, saved, onFound, onStop }: ReadProps) {
  const { t } = useTranslation();
  const errorText = useSsoErrorText();
  const [address, setAddress] = useState(settings.metadataAddress);
  const [pasted, setPasted] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [found, setFound] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isFollowed = settings.metadataAddress !== '';

  async function read(asked: AskMetadata): Promise<void> {
    setBusy(true);
    setError(null);
    setFound(null);
    try {
      const answer = await invokeMain(getBridge(), 'sso.readMetadata', { asked });
      onFound(answer, 'address' in asked ? asked.address : '');
      setFound(answer.entityId);
      setPasted(null);
      if ('xml' in asked) setAddress('');
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Stack gap={8}>
      <Input.Wrapper
        label={t('sso.metadata.address')}
        description={t('sso.metadata.addressText')}
        labelProps={{ htmlFor: 'sso-metadata-address' }}
      >
        <Group gap="xs" mt={6} wrap="nowrap" align="stretch">
          <TextInput
            id="sso-metadata-address"
            aria-label={t('sso.metadata.address')}
            style={{ flex: 1 }}
            placeholder="https://"
            autoComplete="off"
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
          <Button
            variant="default"
            h="auto"
            loading={isBusy}
            disabled={address.trim() === ''}
            onClick={() => void read({ address: address.trim() })}
          >
            {t('sso.metadata.read')}
          </Button>
        </Group>
      </Input.Wrapper>
      <Group gap="xs">
        <FileButton
          accept=".xml,application/xml,text/xml,application/samlmetadata+xml"
          onChange={(file) => {
            if (file !== null) void file.text().then((xml) => read({ xml }));
          }}
        >
          {(button) => (
            <Button {...button} size="compact-sm" variant="subtle">
              {t('sso.metadata.file')}
            </Button>
          )}
        </FileButton>
        <Button
          size="compact-sm"
          variant="subtle"
          aria-expanded={pasted !== null}
          onClick={() => setPasted((present) => (present === null ? '' : null))}
        >
          {t('sso.metadata.paste')}
        </Button>
        {isFollowed ? (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              setAddress('');
              setFound(null);
              onStop();
            }}
          >
            {t('sso.metadata.stop')}
          </Button>
        ) : null}
      </Group>
      {pasted === null ? null : (
        <Stack gap={6} align="flex-end">
          <Textarea
            w="100%"
            label={t('sso.metadata.pasted')}
            autosize
            minRows={3}
            maxRows={8}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
          />
          <Button
            size="compact-sm"
            variant="default"
            loading={isBusy}
            disabled={pasted.trim() === ''}
            onClick={() => void read({ xml: pasted })}
          >
            {t('sso.metadata.take')}
          </Button>
        </Stack>
      )}
      {error === null ? null : (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      {found === null ? null : (
        <Alert color="green" role="status">
          <Text size="sm" fw={560} style={{ overflowWrap: 'anywhere' }}>
            {t('sso.metadata.found', { entity: found })}
          </Text>
          <Text size="sm">{t('sso.metadata.foundText')}</Text>
        </Alert>
      )}
      {isFollowed && found === null && saved !== null ? <LastRead metadata={saved.metadata} /> : null}
    </Stack>
  );
}

function LastRead({ metadata }: { readonly metadata: SamlProvider['metadata'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { readAt, failure } = metadata;
  return (
    <>
      {readAt === null ? null : (
        <Text size="xs" c="dimmed">
          {t('sso.metadata.readAt', { when: format.instant(readAt) })}
        </Text>
      )}
      {failure === null ? null : (
        <Alert color="yellow">
          {t('sso.metadata.failed', {
            why: t(`sso.failures.${failure}`, { defaultValue: t('sso.failures.noAnswer') }),
          })}
        </Alert>
      )}
    </>
  );
}

/** With whose keys signatures are checked, and how long those are good. */
export function KeyList({ keys }: { readonly keys: readonly ProviderKey[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [nowMs] = useState(() => Date.now());
  if (keys.length === 0) return null;
  return (
    <section aria-label={t('sso.metadata.keys')}>
      <Text size="sm" fw={500} mb={4}>
        {t('sso.metadata.keys')}
      </Text>
      <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {keys.map(({ subject, validUntil, fingerprint }) => {
          const isOver = Date.parse(validUntil) < nowMs;
          const date = format.day(validUntil.slice(0, 10));
          return (
            <li key={fingerprint}>
              <Group gap={8} wrap="nowrap">
                <Text size="sm" truncate>
                  {subject}
                </Text>
                <Badge variant="default" size="sm" tt="none" fw={500} style={{ flexShrink: 0 }}>
                  {t(isOver ? 'sso.metadata.over' : 'sso.metadata.validUntil', { date })}
                </Badge>
              </Group>
              <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {fingerprint}
              </Text>
            </li>
          );
        })}
      </Stack>
    </section>
  );
}
