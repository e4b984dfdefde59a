import { UploadPage } from "@/features/upload/upload-page";

export default function Page() {
  return <UploadPage />;
}
