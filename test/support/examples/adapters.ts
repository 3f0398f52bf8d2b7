import { createLifecycleHandler, memoryInstallations } from "jwt-qsh/connect";

export const installations = memoryInstallations();

export const lifecycle = createLifecycleHandler({
  appKey: "com.example.app",
  baseUrl: "https://app.example.com",
  installations,
});
