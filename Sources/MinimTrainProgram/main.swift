import MinimCommand

TrainCommand.main()
