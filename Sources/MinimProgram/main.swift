import MinimCommand

Programs.runMinim()
