export * from '@nestjs/platform-express';
