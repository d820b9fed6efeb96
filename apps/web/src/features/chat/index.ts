export { NewThreadPage } from "./new-thread-page.tsx";
export { OutboxDelivery } from "./outbox-delivery.tsx";
export { ThreadPage } from "./thread-page.tsx";
