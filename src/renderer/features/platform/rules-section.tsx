import { useTranslation } from 'react-i18next';
import { PoliciesForm } from '#renderer/blocks/policies-form.tsx';
import { Section } from '#renderer/features/platform/section.tsx';
import { askPlatform, useDoing, usePlatform } from '#renderer/features/platform/use-platform.ts';
import type { Policies } from '#shared/platform/policies.ts';

/** Rules of all organizations. */
export function RulesSection() {
  const { t } = useTranslation();
  const { answer, error, reload } = usePlatform('readPolicies', {});
  const doing = useDoing();

  async function save(policies: Policies): Promise<boolean> {
    const isDone = await doing.run(() => askPlatform('savePolicies', { policies }), t('platform.rules.saved'));
    if (isDone) reload();
    return isDone;
  }

  return (
    <Section name="rules" error={error} doing={doing}>
      {answer === null ? null : (
        <PoliciesForm value={answer.policies} floor={null} isBusy={doing.isBusy} onSave={save} />
      )}
    </Section>
  );
}
