import js from "@eslint/js";
import vue from "eslint-plugin-vue";
import globals from "globals";
import typescript from "typescript-eslint";

export default typescript.config(
  { ignores: ["dist/", "node_modules/", "src/**/*.gen.ts"] },
  js.configs.recommended,
  ...typescript.configs.strict,
  ...vue.configs["flat/recommended"],
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: typescript.parser, extraFileExtensions: [".vue"] },
    },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      // Every word comes from the backend's texts, in the reader's language.
      "vue/no-bare-strings-in-template": [
        "error",
        { allowlist: ["·", "–", "—", "→", "/", "×", "±", ":", "%", "…", "?", "(", ")", "ms", "SDP", "SSRC"] },
      ],
      "vue/component-api-style": ["error", ["script-setup"]],
      "vue/block-lang": ["error", { script: { lang: "ts" } }],
      "vue/no-v-html": "error",
      "vue/no-static-inline-styles": "error",
      "vue/define-macros-order": ["error", { order: ["defineOptions", "defineProps", "defineEmits"] }],
      "vue/max-lines-per-block": ["error", { template: 220, script: 220, skipBlankLines: true }],
      // Line breaks are a matter of taste that no rule needs to settle.
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-indent": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/attributes-order": "off",
    },
  },
  { files: ["**/*.{ts,vue}"], rules: { "no-undef": "off" } },
  { files: ["scripts/**", "*.config.*"], languageOptions: { globals: globals.node }, rules: { "no-console": "off" } },
);
