import MinimCommand

Programs.runTrain()
