import MinimCommand

Programs.train()
