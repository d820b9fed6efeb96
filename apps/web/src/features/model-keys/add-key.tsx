import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import type { AddModelKey, ModelKeyKind } from "@threadbox/contracts/model-keys";
import { classNames } from "@threadbox/ui/class-names";
import { useId, useState } from "react";
import { KeyDialog } from "./key-dialog.tsx";
import { KeyField, textOf, ValueField } from "./key-field.tsx";
import { modelKeyTexts as texts } from "./texts.ts";
import type { Act } from "./use-model-keys.ts";

const kinds: readonly ModelKeyKind[] = ["openai", "anthropic", "compatible"];

const wishIn = (fields: FormData, kind: ModelKeyKind): AddModelKey => {
  const value = textOf(fields, "value");
  const wish = { kind, name: textOf(fields, "name") || texts.kinds[kind], value };
  if (kind !== "compatible") return wish;
  const named = textOf(fields, "models").split(",");
  const models = named.map((model) => model.trim()).filter(Boolean);
  return { ...wish, address: textOf(fields, "address"), models };
};

interface AddKeyProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly act: Act;
}

/** Asks for a new key, which its provider must take before it is kept. */
export function AddKey({ isOpen, onClose, act }: AddKeyProps) {
  const [kind, setKind] = useState<ModelKeyKind>("openai");
  const group = useId();
  return (
    <KeyDialog
      isOpen={isOpen}
      onClose={onClose}
      title={texts.addTitle}
      description={texts.addText}
      verb={texts.testAndAdd}
      onSubmit={(fields) => act((api) => api.add(wishIn(fields, kind)))}
    >
      <fieldset className="grid gap-1 text-sm">
        <legend className="mb-1 font-medium">{texts.kind}</legend>
        <div className="flex flex-wrap gap-1 rounded-lg border bg-sunken p-1">
          {kinds.map((option) => (
            <label
              key={option}
              className={classNames(
                "flex h-8 flex-1 cursor-pointer items-center justify-center whitespace-nowrap rounded-md px-2 has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:h-11",
                option === kind ? "bg-raised text-ink shadow-raised" : "text-ink-muted hover:text-ink",
              )}
            >
              <input
                type="radio"
                name={group}
                className="sr-only"
                checked={option === kind}
                onChange={() => setKind(option)}
              />
              {texts.kinds[option]}
            </label>
          ))}
        </div>
      </fieldset>
      {kind === "compatible" ? (
        <KeyField
          label={texts.address}
          hint={texts.addressHint}
          name="address"
          inputMode="url"
          maxLength={modelKeyLimits.addressLengthMax}
          required
        />
      ) : null}
      <ValueField />
      <KeyField
        label={texts.name}
        hint={texts.nameHint}
        name="name"
        placeholder={texts.kinds[kind]}
        maxLength={modelKeyLimits.nameLengthMax}
      />
      {kind === "compatible" ? <KeyField label={texts.models} hint={texts.modelsHint} name="models" /> : null}
    </KeyDialog>
  );
}
